import { nestJest } from '../../jest.preset.mjs';

export default { displayName: 'nest-kit', ...nestJest };
