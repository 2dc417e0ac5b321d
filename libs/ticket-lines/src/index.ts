export { TICKET_LINE_FORMATS, type LineFacts, type TicketFacts, type TicketLineFormat } from './ticket-facts.js';
export { understandTicketLines } from './understand-ticket.js';
export { visibleText } from './text/visible-text.js';
