import type { JailStatus } from '@bailiff/contracts/http';
import type { Tone } from '../display/status-dot';

/** How each status of a jail looks. */
export const JAIL_TONES: Record<JailStatus, Tone> = { running: 'ok', idle: 'idle', stopped: 'danger', inactive: 'off' };
