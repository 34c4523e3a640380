/** The program that made a report, a plan or a journal. */
export interface Tool {
  readonly name: string;
  readonly version: string;
}
