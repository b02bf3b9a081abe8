// Builds what the browser and the PDF writer get. Usage: node build.js TARGET < {"certain": [icons], "possible": [icons or other words]}
import { readFile, mkdir, writeFile, copyFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { text } from "node:stream/consumers";
import * as esbuild from "esbuild";
import { PurgeCSS } from "purgecss";
import { families } from "./tabler-parts.js";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "node_modules");
const target = process.argv[2];
if (!target) throw new Error("usage: node build.js TARGET");

// Tabler's style sheet is 600 kB; the families of classes that we use are a tenth of it.
const tablerParts = {
  name: "tabler-parts",
  setup(build) {
    build.onLoad({ filter: /tabler\.min\.css$/ }, async ({ path }) => {
      const [{ css }] = await new PurgeCSS().purge({
        content: [{ raw: "html body a abbr b br button code dd details div dl dt em fieldset figure form h1 h2 h3 h4 h5 h6 hr i img input label legend li main nav ol optgroup option p pre progress section select small span strong summary svg table tbody td textarea tfoot th thead tr ul", extension: "txt" }],
        css: [{ raw: await readFile(path, "utf8") }],
        safelist: { standard: families },
        variables: true,
        keyframes: true,
      });
      return { contents: css, loader: "css", resolveDir: dirname(path) };
    });
  },
};

const common = { bundle: true, minify: true, outdir: target, logLevel: "warning", legalComments: "none" };
await Promise.all([
  esbuild.build({
    ...common,
    entryPoints: [join(here, "src/app.css")],
    loader: { ".woff2": "file" },
    assetNames: "fonts/[name]",
    plugins: [tablerParts],
  }),
  esbuild.build({ ...common, entryPoints: [join(here, "src/app.js")], format: "iife", target: "es2020" }),
  fonts(),
  icons(),
]);

async function fonts() {
  const to = join(target, "pdf-fonts");
  await mkdir(to, { recursive: true });
  for (const cut of ["400Regular", "400Regular_Italic", "600SemiBold", "700Bold"]) {
    const name = `Sarabun_${cut}.ttf`;
    await copyFile(join(packages, "@expo-google-fonts/sarabun", cut, name), join(to, name));
  }
}

async function icons() {
  const { certain, possible } = JSON.parse(await text(process.stdin));
  const from = join(packages, "@tabler/icons/icons");
  const known = new Set(await readdir(join(from, "outline")));
  const missing = certain.filter((name) => !known.has(`${name}.svg`));
  const names = [...certain, ...possible.filter((name) => known.has(`${name}.svg`))].sort();
  if (missing.length) throw new Error(`no such Tabler icon: ${missing.join(", ")}`);
  const body = (svg) => svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/<path stroke="none"[^>]*\/>/, "").replace(/\s+/g, " ").trim();
  const symbols = await Promise.all(
    names.map(async (name) => {
      const drawn = body(await readFile(join(from, "outline", `${name}.svg`), "utf8"));
      return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${drawn}</symbol>`;
    }),
  );
  const star = body(await readFile(join(from, "outline/star.svg"), "utf8"));
  for (let count = 0; count <= 5; count++) {
    const row = Array.from({ length: 5 }, (_, i) => {
      const look = i < count ? 'stroke-width="1"' : 'fill="none" stroke-width="1.4"';
      return `<g transform="translate(${i * 24} 0)" stroke-linejoin="round" ${look}>${star}</g>`;
    });
    symbols.push(`<symbol id="stars-${count}" viewBox="0 0 120 24">${row.join("")}</symbol>`);
  }
  await writeFile(join(target, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`);
}
