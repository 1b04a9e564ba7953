// Bundles the card: node build.mjs card FOLDER, or its unit tests for node's test runner: node build.mjs tests FOLDER.
import { build } from "esbuild";

const browser = {
  // What every page loads, and what that loads where a page asks for a section or a dashboard.
  entryPoints: {
    "odorik-calls-card": "src/index.ts",
    "odorik-strategies": "src/strategies/index.ts",
  },
  // The oldest browsers that run the card; docs/card.md names them.
  target: ["chrome92", "firefox91", "safari15"],
  minify: true,
  // The private members of the classes.
  mangleProps: /^_[a-z]/,
  banner: { js: "// Built from card/. Lit: © Google LLC, odorik-calls-card.LICENSE.txt" },
};
const node = { entryPoints: { "card-tests": "test/index.ts" }, target: "node20", platform: "node" };

const [what, outdir] = process.argv.slice(2);
await build({
  ...(what === "tests" ? node : browser),
  outdir,
  bundle: true,
  format: "esm",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});
