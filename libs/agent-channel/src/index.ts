export * from './agent/agent-endpoint.js';
export * from './agent/agent-options.js';
export * from './agent/command-journal.js';
export * from './agent/memory-journal.js';
export * from './edge/acl-provisioner.js';
export * from './edge/acl.js';
export * from './edge/edge-watchdog.js';
export * from './enrolment/agent-enrolment.js';
export * from './enrolment/gateway-enrolment.js';
export * from './errors/call.errors.js';
export * from './errors/channel.error.js';
export * from './errors/edge.error.js';
export * from './errors/enrolment.error.js';
export * from './errors/envelope.error.js';
export * from './gateway/gateway-endpoint.js';
export * from './gateway/gateway-options.js';
export * from './keys/key-serialisation.js';
export * from './keys/keys.js';
export * from './messages/agent-id.js';
export * from './messages/limits.js';
export * from './messages/message.js';
export * from './streams/streams-agent-transport.js';
export * from './streams/streams-gateway-transport.js';
export * from './transport/memory-transport.js';
export * from './transport/transport.js';
export {
  createEnrolmentToken,
  ENROLMENT_TTL_MS,
  type EnrolmentTokenRecord,
  MAX_WRONG_TRIES,
} from './enrolment/enrolment-token.js';
export { type EnrolmentAnswer, type EnrolmentRedis, type EnrolmentRequest } from './enrolment/enrolment-messages.js';
