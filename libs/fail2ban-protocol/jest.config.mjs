import { nodeJest } from '../../jest.preset.mjs';

export default { displayName: 'fail2ban-protocol', ...nodeJest };
