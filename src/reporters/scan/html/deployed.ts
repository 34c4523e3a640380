import type { Cloud } from '../../../model/cloud.ts';
import type { ScanReport } from '../../../model/report.ts';
import { htmlCode, htmlLink, htmlText } from '../../text/html.ts';
import { deployedToShow, deployedWords } from '../../words/deployed.ts';
import { portalAddress } from '../../words/portal.ts';
import { resourceName } from '../../words/scope.ts';
import { declaredWords } from '../../words/values.ts';
import type { HtmlSection } from './blocks.ts';
import { foldedTable, type HtmlRow } from './tables.ts';

/** The state in Azure of what code declares; `undefined` where nobody asked. */
export function deployedSection(report: ScanReport, cloud: Cloud | undefined): HtmlSection | undefined {
  const deployed = deployedToShow(report);
  if (deployed.length === 0) return undefined;
  const rows = deployed.map((today): HtmlRow => {
    const address =
      today.state === 'deployed' ? portalAddress({ ...today.declared, id: today.id }, cloud) : '';
    const name = htmlText(resourceName(today.declared));
    const linked = address === '' ? name : htmlLink(name, address);
    return { cells: [linked, htmlCode(declaredWords(today)), htmlText(deployedWords(today))] };
  });
  const caption = 'What is in Azure of what the code declares';
  const body = foldedTable(
    { caption, head: ['Declared', 'Where', 'Today'], rows },
    { most: 100, one: 'resource' },
  );
  return { id: 'deployed', heading: 'Deployed today', body };
}
