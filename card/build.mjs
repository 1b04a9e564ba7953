// Bundles the card (`node build.mjs card FOLDER`) or its unit tests for Node's test runner (`node build.mjs tests FOLDER`).
import { build } from "esbuild";

const browser = {
  // The module that every page loads, and the one it imports on demand for a section or a dashboard.
  entryPoints: {
    "odorik-calls-card": "src/index.ts",
    "odorik-strategies": "src/strategies/generate.ts",
  },
  // The oldest supported browsers, as listed in docs/card.md.
  target: ["chrome92", "firefox91", "safari15"],
  minify: true,
  // Private class members.
  mangleProps: /^_[a-z]/,
  banner: { js: "// Built from card/. Lit: © Google LLC, odorik-calls-card.LICENSE.txt" },
};
const node = { entryPoints: { "card-tests": "test/index.ts" }, target: "node20", platform: "node" };

const [target, outdir] = process.argv.slice(2);
await build({
  ...(target === "tests" ? node : browser),
  outdir,
  bundle: true,
  format: "esm",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});
