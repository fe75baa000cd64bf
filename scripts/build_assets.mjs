// Builds everything the browser loads into lms/static/site/ (git-ignored): `npm run build`.
// The folder is made anew each time, so what is gone from the sources is gone from the site.

import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const assets = join(root, "assets");
const out = join(root, "lms", "static", "site");

// GOV.UK's palette is not a setting, only its functional colours are. What the components take
// straight from the palette is given our nearest colour here; isBlue() finds what comes new.
const RECOLOUR = {
  "#1d70b8": "#0b5d5e", // blue
  "#1a65a6": "#0b5d5e", // blue, shade 10
  "#16548a": "#084748", // blue, shade 25
  "#0f385c": "#063637", // blue, shade 50
  "#5694ca": "#4d8b8b", // blue, tint 25
  "#8eb8dc": "#9cc1bf", // blue, tint 50
  "#d2e2f1": "#d3e5e2", // blue, tint 80
  "#f4f8fb": "#eef5f3", // blue, tint 95
  "#bbd4ea": "#c3dcd9",
  "#005ea5": "#0b5d5e",
  "#0b5c3e": "#084748", // green, shade 25: a button under the pointer
  "#083d29": "#063637", // green, shade 50: a button's lower edge
  "#ca3535": "#b3261e", // red
  "#982828": "#8a1a13", // red, shade 25
  "#0f7a52": "#1c6b47", // green
  "#cecece": "#d8cdbb", // black, tint 80
  "#f3f3f3": "#f3ebdd", // black, tint 95
};
const UNWANTED = /gds transport|crest|crown/i;

function wanted(message) {
  // MoJ's alert still calls a mixin that GOV.UK has renamed; nothing here can mend that.
  return !message.includes("govuk-text-colour");
}

/** Tell whether a colour is a clear blue: none of ours is, so it came with a component. */
function isBlue(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return b > g * 1.15 && g > r && b - r > 40;
}

function buildStyles() {
  const { css } = sass.compile(join(assets, "scss", "app.scss"), {
    loadPaths: [root],
    style: "compressed",
    charset: false,
    quietDeps: true,
    logger: {
      warn: (message) => wanted(message) && console.warn(`Sass: ${message}`),
    },
  });
  let text = css;
  for (const [from, to] of Object.entries(RECOLOUR)) text = text.replaceAll(from, to);
  const stray = text.match(UNWANTED) ?? text.match(/#[0-9a-f]{6}\b/gi).find(isBlue);
  if (stray) throw new Error(`app.css still has “${stray}”`);
  writeFileSync(join(out, "app.css"), text);
  return text;
}

/** The Wagtail admin keeps its own design; this gives it our colours. */
function buildAdminStyles() {
  const { css } = sass.compile(join(assets, "scss", "admin.scss"), { style: "compressed" });
  writeFileSync(join(out, "admin.css"), css);
}

function copy(from, to) {
  const target = join(out, to);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(from, target, { recursive: true });
}

function copyFonts() {
  const atkinson = join(modules, "@fontsource", "atkinson-hyperlegible");
  for (const subset of ["latin", "latin-ext"]) {
    for (const face of ["400-normal", "400-italic", "700-normal"]) {
      const file = `atkinson-hyperlegible-${subset}-${face}.woff2`;
      copy(join(atkinson, "files", file), join("fonts", file));
    }
  }
  copy(join(atkinson, "LICENSE"), join("fonts", "atkinson-hyperlegible-LICENSE.txt"));

  // PDFs need whole, static TrueType files.
  const noto = join(modules, "@expo-google-fonts", "noto-sans");
  const faces = { "400Regular": "Regular", "700Bold": "Bold", "400Regular_Italic": "Italic" };
  for (const [folder, name] of Object.entries(faces)) {
    copy(join(noto, folder, `NotoSans_${folder}.ttf`), join("fonts", "pdf", `NotoSans-${name}.ttf`));
  }
  copy(join(noto, "LICENSE_FONT"), join("fonts", "pdf", "NotoSans-LICENSE.txt"));
}

function copyScripts() {
  copy(join(assets, "js"), "js");
  // Without the last line, which names a source map that is not there.
  const bundles = [
    [join(modules, "govuk-frontend", "dist", "govuk", "govuk-frontend.min.js"), "govuk-frontend.min.js"],
    [join(modules, "@ministryofjustice", "frontend", "moj", "moj-frontend.min.js"), "moj-frontend.min.js"],
  ];
  for (const [from, name] of bundles) {
    const text = readFileSync(from, "utf8").replace(/\/\/# sourceMappingURL=.*\s*$/, "");
    writeFileSync(join(out, "js", name), text);
  }
}

function copyImages(css) {
  copy(join(assets, "images"), "images");
  const moj = join(modules, "@ministryofjustice", "frontend", "moj", "assets", "images");
  for (const [, address] of css.matchAll(/url\(["']?([^"')]+)["']?\)/g)) {
    if (address.startsWith("data:")) continue;
    const name = basename(address);
    const target = join(out, address);
    if (!existsSync(target) && existsSync(join(moj, name))) copy(join(moj, name), address);
    if (!existsSync(target)) throw new Error(`app.css asks for ${address}, which is nowhere`);
  }
}

const begun = performance.now();
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
copyFonts();
copyScripts();
const css = buildStyles();
buildAdminStyles();
copyImages(css);
const count = readdirSync(out, { recursive: true, withFileTypes: true }).filter((f) => f.isFile()).length;
console.log(
  `lms/static/site: ${count} files, app.css ${Math.round(css.length / 1024)} KB, ` +
    `${Math.round(performance.now() - begun)} ms`,
);
