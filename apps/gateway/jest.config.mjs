import { nestJest } from '../../jest.preset.mjs';

export default { displayName: 'gateway', ...nestJest };
