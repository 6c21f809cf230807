import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

export const root: string = join(import.meta.dirname, "../..");

/** What npm packed, and where it was installed. */
export interface Installation {
  /** The stranger's empty project, with the package in its `node_modules` and nothing of ours around. */
  readonly project: string;
  readonly tarball: string;
  /** Paths inside the tarball: `dist/base/index.js`. */
  readonly files: readonly string[];
}

/**
 * Packs the repository and installs the tarball in an empty folder, as `npm install` would,
 * but without a network: our own `node_modules` lends the declared dependencies.
 */
export async function packAndInstall(): Promise<Installation> {
  await demandFreshBuild();
  const project = await mkdtemp(join(tmpdir(), "orrery-stranger-"));
  const packed = await execute("npm", ["pack", "--json", "--pack-destination", project], root);
  const [report] = JSON.parse(packed) as { filename: string; files: { path: string }[] }[];
  const tarball = join(project, report!.filename);
  const target = join(project, "node_modules/orrery-lm");
  await mkdir(target, { recursive: true });
  await execute("tar", ["-xzf", tarball, "-C", target, "--strip-components", "1"], project);
  await writeFile(join(project, "package.json"), '{ "private": true, "type": "module" }');
  const manifest = JSON.parse(readFileSync(join(target, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  await Promise.all(Object.keys(manifest.dependencies).map((name) => lend(project, name)));
  return { project, tarball, files: report!.files.map(({ path }) => path) };
}

/** Puts a package of ours into the stranger's `node_modules`, if it is not there. */
export async function lend(project: string, name: string): Promise<void> {
  const place = join(project, "node_modules", name);
  if (existsSync(place)) return;
  await mkdir(dirname(place), { recursive: true });
  await symlink(join(root, "node_modules", name), place, "dir");
}

/** Runs a command to its end and gives what it printed. @throws {Error} with all it printed. */
export async function execute(command: string, args: string[], cwd: string): Promise<string> {
  try {
    // The stranger's npm must not see the settings of the npm that runs our tests.
    const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_)/.test(name));
    const env = Object.fromEntries(inherited);
    const options = { cwd, env, maxBuffer: 2 ** 26 };
    return (await promisify(execFile)(command, args, options)).stdout;
  } catch (cause) {
    const { stdout = "", stderr = "" } = cause as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}`, { cause });
  }
}

/** A test of the last build would say nothing about the source. */
async function demandFreshBuild(): Promise<void> {
  const sources = (await readdir(join(root, "src"), { recursive: true })).filter((path) =>
    path.endsWith(".ts"),
  );
  await Promise.all(
    sources.map(async (path) => {
      const built = join(root, "dist", path.replace(/\.ts$/, ".js"));
      const isFresh =
        existsSync(built) &&
        (await stat(built)).mtimeMs >= (await stat(join(root, "src", path))).mtimeMs;
      if (!isFresh) throw new Error(`dist/ is older than src/${path}: run \`npm run build\` first`);
    }),
  );
}
