// Bundles the card into one module, or the unit tests into one that node's test runner can run.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build, transform } from "esbuild";

/** A style sheet becomes what Lit's `static styles` takes, without its blanks and comments. */
const styles = {
  name: "styles",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target: "es2022" });
      const contents = `import { unsafeCSS } from "lit";\nexport default unsafeCSS(${JSON.stringify(code.trim())});`;
      return { contents, loader: "js", resolveDir: import.meta.dirname };
    });
  },
};

/** Lit's templates without the blanks that only the source needs. */
const templates = {
  name: "templates",
  setup({ onLoad }) {
    onLoad({ filter: /src\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source
        .replace(/([>}])\s*\n\s*(?=<)/g, "$1")
        .replace(/([>}])\s*\n\s*(?=\$\{)/g, "$1")
        .replace(/\n\s*(?=\/?>)/g, "")
        .replace(/\n\s+(?=[.?@]?[a-zA-Z-]+=["$])/g, " ");
      return { contents, loader: "ts" };
    });
  },
};

/** Lit's elements as far as the card uses them. */
const lean = {
  name: "lean",
  setup({ onResolve }) {
    onResolve({ filter: /^lit(\/decorators\.js)?$/ }, () => ({ path: join(import.meta.dirname, "src/lean.ts") }));
  },
};

const [from, outfile, platform = "browser"] = process.argv.slice(2);
await build({
  entryPoints: [from],
  outfile,
  platform,
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  minify: platform === "browser",
  legalComments: "none",
  plugins: [styles, templates, ...(platform === "browser" ? [lean] : [])],
  mangleProps: /^_[a-z]/,
  logLevel: "warning",
  ...(platform === "browser" && {
    banner: { js: "// Built from card/. Lit: © Google LLC, odorik-calls-card.LICENSE.txt" },
  }),
});
