// Opens VS Code in a browser until the recorder has written: `node open.mjs URL FILE`.
import { existsSync, statSync } from "node:fs";
import { chromium } from "playwright-core";

const [url, file] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
const page = await browser.newPage();
await page.goto(url, { timeout: 60_000 });
const end = Date.now() + 120_000;
while (!(existsSync(file) && statSync(file).size) && Date.now() < end) {
  await new Promise((resolve) => setTimeout(resolve, 200));
}
await browser.close();
process.exit(existsSync(file) ? 0 : 1);
