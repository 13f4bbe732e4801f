/**
 * @file What of others a build holds: the packages whose files the bundler took, their licences (licenses.txt), and the
 * list of parts (sbom.cdx.json, CycloneDX 1.6).
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const licensesName = 'licenses.txt';
export const partsName = 'sbom.cdx.json';
const noticesFolder = 'tools/release/notices';

/**
 * @typedef {object} Package
 * @property {string} name
 * @property {string} version
 * @property {string} license
 * @property {readonly string[]} dependencies
 * @property {readonly string[]} texts
 */

/**
 * The folder of the package that a file belongs to; null for a file of our own.
 * @param {string} id as bundlers name modules
 */
function rootOf(id) {
  const path = resolve(id.replace(/^\0/, '').replace(/\?.*$/, '')).replaceAll('\\', '/');
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? null;
}

/** @param {string} folder */
const noticesIn = (folder) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /^(licen[cs]e|copying|notice|third-?party)/i.test(name))
        .sort()
        .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim())
    : [];

/**
 * @param {string} root
 * @returns {Package}
 */
function readPackage(root) {
  const { name, version, license, dependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const kept = join(noticesFolder, `${name.replace('/', '+')}@${version}`);
  const texts = [...noticesIn(root), ...noticesIn(kept)];
  if (texts.length === 0 || typeof license !== 'string')
    throw new Error(`${name} ${version} comes without the text of its licence; put it into ${kept}/.`);
  return { name, version, license, dependencies: Object.keys(dependencies), texts };
}

/** Notes the packages of all bundles that its plugin takes part in, those of workers too. */
export function notePackages() {
  /** @type {Map<string, Package>} */
  const found = new Map();
  /** @param {string} id */
  function note(id) {
    const root = rootOf(id);
    if (root !== null && !found.has(root)) found.set(root, readPackage(root));
  }
  return {
    /** @returns {import('vite').Plugin} */
    plugin: () => ({
      name: 'airlock:note-packages',
      apply: 'build',
      generateBundle(_options, bundle) {
        for (const part of Object.values(bundle))
          (part.type === 'chunk' ? part.moduleIds : part.originalFileNames).forEach(note);
      },
    }),
    packages: () => [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/**
 * Our own licence first, then those of others; texts that several have in common stand once.
 * @param {string} own
 * @param {readonly Package[]} packages
 */
export function writeLicenses(own, packages) {
  /** @type {Map<string, string[]>} */
  const holders = new Map();
  for (const { name, version, license, texts } of packages)
    for (const text of texts) holders.set(text, [...(holders.get(text) ?? []), `${name} ${version} (${license})`]);
  const line = '='.repeat(80);
  const parts = [...holders].map(([text, names]) => `${line}\n${names.join('\n')}\n${line}\n\n${text}\n`);
  return `${line}\nAirlock (Apache-2.0)\n${line}\n\n${own.trim()}\n\n${parts.join('\n')}`;
}

/** @param {{ name: string, version: string }} of */
const purlOf = ({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** @param {Package} of @param {Record<string, { version: string, integrity?: string }>} lock */
function componentOf({ name, version, license }, lock) {
  const locked = Object.entries(lock).find(
    ([path, entry]) => path.endsWith(`node_modules/${name}`) && entry.version === version,
  );
  const [algorithm, hash = ''] = locked?.[1].integrity?.split('-') ?? [];
  if (algorithm !== 'sha512') throw new Error(`package-lock.json has no SHA-512 of ${name} ${version}.`);
  const content = Buffer.from(hash, 'base64').toString('hex');
  return {
    type: 'library',
    'bom-ref': purlOf({ name, version }),
    name,
    version,
    licenses: [/[ (]/.test(license) ? { expression: license } : { license: { id: license } }],
    purl: purlOf({ name, version }),
    hashes: [{ alg: 'SHA-512', content }],
  };
}

/**
 * The list of parts. It holds neither time nor serial number, since equal builds are to be equal to the byte.
 * @param {Pick<Package, 'name' | 'version' | 'license'> & { dependencies: Record<string, string> }} own package.json
 * @param {readonly Package[]} packages
 * @param {Record<string, { version: string, integrity?: string }>} lock `packages` of package-lock.json
 */
export function writeParts(own, packages, lock) {
  /** @param {readonly string[]} names */
  const refs = (names) => packages.filter(({ name }) => names.includes(name)).map(purlOf);
  const { name, version, license } = own;
  const component = {
    type: 'application',
    'bom-ref': purlOf(own),
    name,
    version,
    licenses: [{ license: { id: license } }],
  };
  const parts = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component },
    components: packages.map((each) => componentOf(each, lock)),
    dependencies: [
      { ref: purlOf(own), dependsOn: refs(Object.keys(own.dependencies)) },
      ...packages.map((each) => ({ ref: purlOf(each), dependsOn: refs(each.dependencies) })),
    ],
  };
  return `${JSON.stringify(parts, null, 2)}\n`;
}

/**
 * Writes both into a folder.
 * @param {string} folder
 * @param {readonly Package[]} packages
 */
export function writeNotices(folder, packages) {
  const own = JSON.parse(readFileSync('package.json', 'utf8'));
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  writeFileSync(join(folder, licensesName), writeLicenses(readFileSync('LICENSE', 'utf8'), packages));
  writeFileSync(join(folder, partsName), writeParts(own, packages, lock));
}
