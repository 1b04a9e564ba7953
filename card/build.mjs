// Bundles the card into two modules, what every page loads and what is loaded where it is asked for; or the unit tests
// into one that node's test runner can run.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { build, transform } from "esbuild";

/** The oldest browsers that run the card; docs/card.md names them. */
const TARGET = ["chrome92", "firefox91", "safari15"];

/** A style sheet becomes what Lit's `static styles` takes, without its blanks and comments. */
const styles = {
  name: "styles",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target: TARGET });
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

/** Of the texts only those that a module says: each names them in its own source. */
const texts = (isMine) => ({
  name: "texts",
  setup({ onLoad }) {
    onLoad({ filter: /src\/texts\/.*\.json$/ }, async ({ path }) => {
      const names = (await readdir("src", { recursive: true })).filter((name) => name.endsWith(".ts") && isMine(name));
      const sources = (await Promise.all(names.map((name) => readFile(join("src", name), "utf8")))).join("");
      const isSaid = ([key]) => sources.includes(`"${key}"`) || (/^call_/.test(key) && sources.includes("`call_${"));
      const said = Object.entries(JSON.parse(await readFile(path, "utf8"))).filter(isSaid);
      return { contents: JSON.stringify(Object.fromEntries(said)), loader: "json" };
    });
  },
});

const isAskedFor = (name) => /^strategies[/\\]/.test(name);
/** The modules of the card, and what they are made of. */
const MODULES = [
  { from: "src/index.ts", to: "odorik-calls-card.js", isMine: (name) => !isAskedFor(name) },
  { from: "src/strategies/index.ts", to: "odorik-strategies.js", isMine: isAskedFor },
];

const bundle = (platform, { from, to, isMine }) => build({
  entryPoints: [from],
  outfile: to,
  platform,
  bundle: true,
  format: "esm",
  target: platform === "browser" ? TARGET : "node20",
  charset: "utf8",
  minify: platform === "browser",
  legalComments: "none",
  plugins: [styles, templates, ...(platform === "browser" ? [texts(isMine)] : [])],
  mangleProps: /^_[a-z]/,
  logLevel: "warning",
  ...(platform === "browser" && {
    banner: { js: "// Built from card/. Lit: © Google LLC, odorik-calls-card.LICENSE.txt" },
  }),
});

const [what, folder] = process.argv.slice(2);
if (what === "tests") {
  await bundle("node", { from: "test/index.ts", to: join(folder, "card-tests.js") });
} else {
  for (const module of MODULES) await bundle("browser", { ...module, to: join(folder, module.to) });
}
