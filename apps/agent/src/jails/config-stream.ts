/** A value of a compiled configuration. */
type Word = string | number | boolean | null | readonly Word[];
/** One command of it. */
export type StreamCommand = readonly Word[];

/** A regex that the server would not take. */
export interface RegexFault {
  readonly jail: string;
  readonly option: string;
  readonly text: string;
}

/** A configuration as fail2ban compiles it before a reload. */
export interface ConfigStream {
  /** Whether fail2ban-client would go on with it. */
  readonly isOk: boolean;
  readonly commands: readonly StreamCommand[];
  /** fail2ban's own warnings and errors. */
  readonly messages: readonly string[];
  readonly regexFaults: readonly RegexFault[];
}

/** What a compiled configuration says of one jail. */
export interface CompiledJail {
  readonly name: string;
  readonly backend: string;
  /** Whether it would be started. */
  readonly isStarted: boolean;
  /** Last value of each option. */
  readonly options: ReadonlyMap<string, string | number | boolean>;
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
  readonly journalmatch: readonly string[];
  readonly logpaths: readonly string[];
  readonly ignoreip: readonly string[];
  /** Properties by action, in order. */
  readonly actions: ReadonlyMap<string, readonly (readonly [string, string])[]>;
}

/** Reads what `python/jail_config.py` printed. */
export function readCompiled(text: string): ConfigStream {
  const value = JSON.parse(text) as { ok: boolean; stream: StreamCommand[]; messages: string[]; regexes: RegexFault[] };
  // An incomplete configuration also has its error inside the stream.
  const errors = value.stream.flatMap(([name, words]) => (name === 'config-error' ? [String(words)] : []));
  return {
    isOk: value.ok && errors.length === 0,
    commands: value.stream,
    messages: [...value.messages, ...errors],
    regexFaults: value.regexes,
  };
}

/** Why fail2ban would refuse it, in its own words; undefined when it would not. */
export function refusalOf({ isOk, messages, regexFaults }: ConfigStream): string | undefined {
  const words = regexFaults.map(({ jail, option, text }) => `[${jail}] ${option.replace(/^add/, '')}: ${text}`);
  if (!isOk) words.push(...messages);
  if (words.length > 0) return words.join('\n').slice(0, 8_000);
  return isOk ? undefined : 'fail2ban could not read the configuration';
}

interface Draft {
  readonly name: string;
  backend: string;
  isStarted: boolean;
  readonly options: Map<string, string | number | boolean>;
  readonly lists: Record<'failregex' | 'ignoreregex' | 'journalmatch' | 'logpath' | 'ignoreip', string[]>;
  readonly actions: Map<string, [string, string][]>;
}

/** The jails of a compiled configuration, by name. */
export function compiledJails({ commands }: ConfigStream): Map<string, CompiledJail> {
  const drafts = new Map<string, Draft>();
  const draft = (name: string): Draft => {
    const known = drafts.get(name) ?? {
      name,
      backend: 'auto',
      isStarted: false,
      options: new Map(),
      lists: { failregex: [], ignoreregex: [], journalmatch: [], logpath: [], ignoreip: [] },
      actions: new Map(),
    };
    drafts.set(name, known);
    return known;
  };
  for (const [verb, subject, ...rest] of commands) {
    if (typeof subject !== 'string') continue;
    if (verb === 'add') draft(subject).backend = text(rest[0]);
    else if (verb === 'start') draft(subject).isStarted = true;
    else if ((verb === 'set' || verb === 'multi-set') && rest.length > 1) take(draft(subject), verb, rest);
    else if (verb === 'set' && rest[0] === 'addignoreip') draft(subject);
  }
  return new Map(
    [...drafts].map(([name, { lists, ...jail }]) => [name, { ...jail, ...lists, logpaths: lists.logpath }]),
  );
}

function take(jail: Draft, verb: 'set' | 'multi-set', [name, ...values]: StreamCommand): void {
  const [first] = values;
  const many = verb === 'multi-set' ? listOf(first).map(text) : [text(first)];
  switch (name) {
    case 'addfailregex':
      jail.lists.failregex.push(...many);
      return;
    case 'addignoreregex':
      jail.lists.ignoreregex.push(...many);
      return;
    case 'addlogpath':
      jail.lists.logpath.push(text(first));
      return;
    case 'addjournalmatch':
      jail.lists.journalmatch.push(values.map(text).join(' '));
      return;
    case 'addignoreip':
      jail.lists.ignoreip.push(...values.map(text));
      return;
    case 'addaction':
      jail.actions.set(text(first), []);
      return;
    case 'action':
      takeProperties(jail, verb, values);
      return;
    default:
      if (typeof name === 'string' && first !== null && first !== undefined && typeof first !== 'object')
        jail.options.set(name, first);
  }
}

function takeProperties(jail: Draft, verb: 'set' | 'multi-set', [action, ...values]: StreamCommand): void {
  const properties = jail.actions.get(text(action)) ?? [];
  jail.actions.set(text(action), properties);
  const pairs = verb === 'multi-set' ? listOf(values[0]).map(listOf) : [values];
  for (const [name, value] of pairs) properties.push([text(name), text(value)]);
}

function listOf(word: Word | undefined): readonly Word[] {
  return typeof word === 'object' && word !== null ? word : [];
}

function text(word: Word | undefined): string {
  return typeof word === 'string' ? word : word === undefined ? '' : JSON.stringify(word);
}
