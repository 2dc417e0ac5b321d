import { PyGlobal, PyObject, type PyValue } from './py-value.js';

/**
 * JSON text of a decoded value. Big integers keep their digits; bytes become base64 under `$bytes`, classes their
 * name under `$class`, instances `{ $class, args, state?, items? }`; infinite numbers become null.
 */
export function stringifyReply(value: PyValue): string {
  return JSON.stringify(value, (_key, item: PyValue) => plain(item));
}

function plain(value: PyValue): unknown {
  if (typeof value === 'bigint') return bigNumber(value);
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (value instanceof PyGlobal) return { $class: `${value.module}.${value.name}` };
  if (value instanceof PyObject) {
    return { $class: value.className, args: value.args, state: value.state, items: value.items };
  }
  return value;
}

function bigNumber(value: bigint): unknown {
  // JSON.rawJSON is newer than the type library in use; every supported Node has it.
  const raw: unknown = Reflect.get(JSON, 'rawJSON');
  return typeof raw === 'function' ? (raw as (text: string) => unknown)(value.toString()) : value.toString();
}
