import { terminalText } from './terminal.ts';

/** A test. Build servers know it again by both of its names, so neither holds anything that may change. */
export interface TestCase {
  readonly classname: string;
  readonly name: string;
  /** Absent where it passed. */
  readonly outcome?: TestOutcome | undefined;
}

/** The outcome of a test that did not pass. */
export interface TestOutcome {
  readonly kind: 'failure' | 'error' | 'skipped';
  readonly type: string;
  readonly message: string;
  readonly lines: readonly string[];
}

/** A test as an element of JUnit XML, in the lines of a suite. */
export function testXml({ classname, name, outcome }: TestCase): string {
  const open = `    <testcase${attributes({ classname, name, time: '0' })}`;
  if (outcome === undefined) return `${open}/>\n`;
  const { kind, type, message, lines } = outcome;
  const text = lines.map(xmlText).join('\n');
  return `${open}>\n      <${kind}${attributes({ type, message })}>${text}</${kind}>\n    </testcase>\n`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/**
 * Untrusted text between tags or in a quoted attribute. What XML 1.0 cannot hold in any form, such as most control codes, is an
 * escape for readers by then. Source: https://www.w3.org/TR/xml/#charsets
 */
function xmlText(text: string): string {
  return terminalText(text).replaceAll(/[&<>"]/g, (sign) => entities[sign] ?? sign);
}

/** Attributes of an element, each after a space. */
export function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xmlText(value)}"`)
    .join('');
}
