import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Factories } from '@cyclonedx/cyclonedx-library/Contrib/License';
import { ComponentType } from '@cyclonedx/cyclonedx-library/Enums';
import { Bom, Component } from '@cyclonedx/cyclonedx-library/Models';
import { JSON as Json, JsonSerializer } from '@cyclonedx/cyclonedx-library/Serialize';
import { Spec1dot6 } from '@cyclonedx/cyclonedx-library/Spec';
import { JsonStrictValidator } from '@cyclonedx/cyclonedx-library/Validation';
import { PackageURL } from 'packageurl-js';
import parseLicence from 'spdx-expression-parse';
import { type Manifest, packageFolders } from './third-party-notices.ts';

const licences = new Factories.LicenseFactory(parseLicence);

/**
 * The bill of materials of a bundle, as CycloneDX 1.6 (JSON): the packages that it holds code of. `bundled` are the paths of
 * its modules below the folder `root`. It has neither a time nor a number of its own: the same bundle has the same one.
 */
export async function billOfMaterials(bundled: readonly string[], root: string): Promise<string> {
  const bom = new Bom();
  bom.metadata.component = componentOf(root, ComponentType.Application);
  for (const folder of packageFolders(bundled)) {
    bom.components.add(componentOf(join(root, folder), ComponentType.Library));
  }
  const serializer = new JsonSerializer(new Json.Normalize.Factory(Spec1dot6));
  const text = `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
  const fault = await new JsonStrictValidator(Spec1dot6.version).validate(text);
  if (fault !== null) throw new Error(`the bill of materials is not valid: ${JSON.stringify(fault)}`);
  return text;
}

function componentOf(folder: string, type: ComponentType): Component {
  const { name, version, license }: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const [, group, short = name] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
  const purl = new PackageURL('npm', group, short, version, undefined, undefined);
  const component = new Component(type, short, {
    ...(group === undefined ? {} : { group }),
    version,
    purl: purl.toString(),
  });
  component.bomRef.value = purl.toString();
  component.licenses.add(licences.makeFromString(license));
  return component;
}
