// Usage: node format.cjs [--check] FILE...
// Formats Lua with StyLua's own code, from the npm package @johnnymorganz/stylua, by the settings of .stylua.toml.
// With --check it changes nothing, and fails where there is something to change.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { Config, formatCode, IndentType, OutputVerification, QuoteStyle } = require("@johnnymorganz/stylua");

const settings = fs.readFileSync(path.join(__dirname, "../../.stylua.toml"), "utf-8");

function setting(name) {
  const found = new RegExp(`^${name} = "?([^"\\n]+)"?$`, "m").exec(settings);
  if (!found) throw new Error(`.stylua.toml does not set ${name}`);
  return found[1];
}

function configured() {
  const config = Config.new();
  config.column_width = Number(setting("column_width"));
  config.indent_type = IndentType[setting("indent_type")];
  config.indent_width = Number(setting("indent_width"));
  config.quote_style = QuoteStyle[setting("quote_style")];
  return config;
}

const files = process.argv.slice(2).filter((each) => each !== "--check");
const isCheck = files.length < process.argv.length - 2;
let differs = 0;
for (const file of files) {
  const before = fs.readFileSync(file, "utf-8");
  const after = formatCode(before, configured(), undefined, OutputVerification.Full);
  if (after === before) continue;
  differs += 1;
  if (!isCheck) fs.writeFileSync(file, after);
  process.stdout.write(`${file}: ${isCheck ? "would be formatted" : "formatted"}\n`);
}
process.stdout.write(`stylua: ${files.length} files, ${differs} ${isCheck ? "to format" : "formatted"}\n`);
process.exit(isCheck && differs > 0 ? 1 : 0);
