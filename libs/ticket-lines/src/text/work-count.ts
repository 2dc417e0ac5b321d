/** Characters examined while a line is read: what keeps "linear" a checked promise instead of a hope. */
export class WorkCount {
  characters = 0;
}
