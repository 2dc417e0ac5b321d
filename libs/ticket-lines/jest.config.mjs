import { nodeJest } from '../../jest.preset.mjs';

export default { displayName: 'ticket-lines', ...nodeJest };
