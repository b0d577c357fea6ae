// Pictures of what people see on GitHub: `npx tsx .ci/pictures.ts FOLDER FILE.md...` writes FOLDER/FILE.png for each, with
// a Chromium on the path (or the program that CHROMIUM names). `--open` shows what is folded, too.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import MarkdownIt from "markdown-it";

const style = `
body { margin: 0; padding: 24px; width: 880px; background: #fff; color: #1f2328;
  font: 14px/1.5 "Noto Sans", "Liberation Sans", Helvetica, Arial, sans-serif; overflow-wrap: break-word; }
h3 { font-size: 17px; margin: 24px 0 12px; } p, ul, table, pre, blockquote, details { margin: 0 0 14px; }
ul { padding-left: 28px; } li.task { list-style: none; margin-left: -22px; } a { color: #0969da; text-decoration: none; }
code { font: 12px "Liberation Mono", monospace; background: #818b981f; border-radius: 6px; padding: 3px 5px; }
pre { background: #f6f8fa; border-radius: 6px; padding: 14px; overflow: hidden; } pre code { background: none; padding: 0; }
table { border-collapse: collapse; display: block; } th, td { border: 1px solid #d1d9e0; padding: 6px 12px; }
tr:nth-child(2n) { background: #f6f8fa; } blockquote { color: #59636e; border-left: 4px solid #d1d9e0; padding: 0 14px; }
hr { height: 4px; background: #d1d9e0; border: 0; margin: 22px 0; } sub { font-size: 11px; color: #59636e; }
`;

const markdown = new MarkdownIt({ html: true, linkify: true });

/** As GitHub shows it, as far as our texts go: tables, task lists, folds, references. */
function pageOf(text: string, open: boolean): string {
  const html = markdown
    .render(text)
    .replace(/<li>\s*(<p>)?\[([ x])\] /g, (_, paragraph: string | undefined, mark: string) => {
      const box = `<input type="checkbox" disabled${mark === "x" ? " checked" : ""}> `;
      return `<li class="task">${paragraph ?? ""}${box}`;
    })
    .replace(/(?<=[\s>(])#(\d+)\b/g, '<a href="#">#$1</a>')
    .replaceAll("<details>", open ? "<details open>" : "<details>");
  const tell = "document.title = 'height:' + Math.ceil(document.body.getBoundingClientRect().height)";
  return `<!doctype html><meta charset="utf-8"><style>${style}</style>${html}<script>${tell}</script>`;
}

function picture(file: string, target: string, open: boolean): void {
  const folder = mkdtempSync(join(tmpdir(), "copatcher-picture-"));
  try {
    const page = join(folder, "page.html");
    writeFileSync(page, pageOf(readFileSync(file, "utf8"), open));
    const chromium = (...options: readonly string[]): string =>
      execFileSync(
        process.env["CHROMIUM"] ?? "chromium",
        // our own page with escaped text; as root Chromium has no sandbox
        [
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          `--user-data-dir=${folder}`,
          ...options,
          pathToFileURL(page).href,
        ],
        { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
      );
    const [, height = "1000"] =
      /<title>height:(\d+)/.exec(chromium("--window-size=928,600", "--dump-dom")) ?? [];
    // of a window's height Chromium keeps a part for itself
    const window = Number(height) + 100;
    chromium("--hide-scrollbars", `--window-size=928,${window}`, `--screenshot=${target}`);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const [folder, ...files] = process.argv.slice(2).filter((word) => word !== "--open");
if (folder === undefined || files.length === 0) {
  console.error("usage: npx tsx .ci/pictures.ts [--open] FOLDER FILE.md...");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
for (const file of files) {
  picture(file, join(folder, `${basename(file, ".md")}.png`), process.argv.includes("--open"));
}
