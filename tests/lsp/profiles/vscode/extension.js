// Starts the recorder as the client of any language server is started.
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

let client;

exports.activate = async () => {
  const { RECORDER_PYTHON, RECORDER, RECORDER_FILE } = process.env;
  const server = { command: RECORDER_PYTHON, args: [RECORDER, RECORDER_FILE], transport: TransportKind.stdio };
  client = new LanguageClient("recorder", server, { documentSelector: [{ language: "python" }] });
  await client.start();
};

exports.deactivate = () => client?.stop();
