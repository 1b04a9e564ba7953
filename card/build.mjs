// Bundles the card (`node build.mjs card FOLDER`) or its unit tests for Node's test runner (`node build.mjs tests FOLDER`).
import { readFile } from "node:fs/promises";

import { build, transformSync } from "esbuild";

// The oldest supported browsers, as listed in docs/card.md.
const target = ["chrome92", "firefox91", "safari15"];

const minifyStyles = (styles) =>
  transformSync(styles, { loader: "css", minify: true, target }).code.trim();

// esbuild leaves template literals as they are: styles, and the indentation of all templates.
const minifyTemplates = {
  name: "minify-templates",
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source
        .replace(/(?<=css`)[^`$\\]*(?=`)/g, minifyStyles)
        .replace(/\n\s+/g, "\n");
      return { contents, loader: "ts" };
    });
  },
};

const browser = {
  // The module that every page loads, and the one it imports on demand for a section or a dashboard.
  entryPoints: {
    "odorik-calls-card": "src/index.ts",
    "odorik-strategies": "src/strategies/generate.ts",
  },
  target,
  plugins: [minifyTemplates],
  minify: true,
  // Private class members.
  mangleProps: /^_[a-z]/,
  banner: { js: "// Built from card/. Lit: © Google LLC, odorik-calls-card.LICENSE.txt" },
};
const node = { entryPoints: { "card-tests": "test/index.ts" }, target: "node20", platform: "node" };

const [entry, outdir] = process.argv.slice(2);
await build({
  ...(entry === "tests" ? node : browser),
  outdir,
  bundle: true,
  format: "esm",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});
