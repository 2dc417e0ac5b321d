/**
 * A decoded Python value. Tuples, lists and sets are arrays; dicts are objects without a prototype whose keys are
 * text (numbers, booleans and None as JSON spells them); integers beyond 2^53 are bigint; bytes are byte arrays.
 */
export type PyValue = null | boolean | number | bigint | string | Uint8Array | PyGlobal | PyObject | PyDict | PyValue[];

/** A decoded dict. It has no prototype, so a key like `__proto__` is data. */
export interface PyDict {
  [key: string]: PyValue;
}

/** The name of a Python class or function, as data: nothing is ever looked up or called. */
export class PyGlobal {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}

  /** Whether calling it just means "this text": how fail2ban's `IPAddr` travels. */
  get isText(): boolean {
    return (
      (this.name === 'str' && this.module === 'builtins') || (this.name === 'unicode' && this.module === '__builtin__')
    );
  }
}

/** An instance the server described by class, constructor arguments and state; never constructed here. */
export class PyObject {
  /** What `BUILD` attached: usually the instance's attributes. */
  state: PyValue | undefined;
  /** Entries appended to a list-like, or `[key, value]` pairs set on a dict-like instance. */
  items: PyValue[] | undefined;

  constructor(
    readonly type: PyGlobal,
    readonly args: readonly PyValue[],
  ) {}

  /** Module and name, e.g. `fail2ban.exceptions.UnknownJailException`. */
  get className(): string {
    return `${this.type.module}.${this.type.name}`;
  }
}

/** Whether a value is a decoded dict. */
export function isPyDict(value: PyValue | undefined): value is PyDict {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof PyObject) &&
    !(value instanceof PyGlobal) &&
    !(value instanceof Uint8Array)
  );
}
