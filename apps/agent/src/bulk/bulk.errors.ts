import { CommandError } from '@bailiff/agent-channel';

/** @returns the answer for a job this host does not have */
export function unknownJob(): CommandError {
  return new CommandError('bulk/unknown', 'This host has no such list', 'user');
}

/** @returns the answer to something the job's state does not allow */
export function jobConflict(detail: string): CommandError {
  return new CommandError('bulk/conflict', detail, 'user');
}
