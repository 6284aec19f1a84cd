/** What is wrong with settings that are right each by itself. */
export interface Mistake {
  path: Array<string | number>;
  message: string;
}
