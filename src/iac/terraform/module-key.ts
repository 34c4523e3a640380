/** The key of the module in a folder. A folder and a file may have the same path in the end. */
export function moduleKey(folder: string): string {
  return `terraform:${folder}`;
}
