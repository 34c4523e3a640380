/** So many characters of a template hold what the Bicep compiler says of itself. */
export const compiledBeginning = 4_000;

/** True for the text of a template that the Bicep compiler wrote, or for its beginning. */
export function isCompiledText(text: string): boolean {
  return /"_generator"\s*:\s*\{\s*"name"\s*:\s*"bicep"/i.test(text.slice(0, compiledBeginning));
}
