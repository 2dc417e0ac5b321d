import { HttpErrorResponse } from '@angular/common/http';
import { describe, expect, it } from '@jest/globals';
import { ApiProblem } from './api-problem';

const body = {
  type: 'https://example.org/problems/ban/protected-address',
  title: 'Protected address',
  status: 409,
  detail: '192.0.2.200 is where you are connected from.',
  instance: '/api/v1/bans',
  code: 'ban/protected-address',
  correlation_id: 'abcdefgh12345678',
  errors: [{ pointer: '/addresses/0', detail: 'protected' }],
};

describe(ApiProblem.name, () => {
  it('takes over what the API says', () => {
    const problem = ApiProblem.from(new HttpErrorResponse({ status: 409, error: body }));
    expect(problem).toMatchObject({
      code: 'ban/protected-address',
      status: 409,
      correlationId: 'abcdefgh12345678',
      fields: body.errors,
    });
  });

  it.each([
    [0, null, 'web/offline'],
    [502, '<html>Bad gateway</html>', 'web/offline'],
    [404, '<html>Not found</html>', 'web/unreadable'],
    [500, { message: 'no code' }, 'web/unreadable'],
  ])('names an answer that is not the API’s: %d', (status, error, code) => {
    expect(ApiProblem.from(new HttpErrorResponse({ status, error })).code).toBe(code);
  });

  it('finds the problem that a resource has wrapped, and leaves its own kind as it is', () => {
    const problem = new ApiProblem('jail/unknown', 'no', 404);
    expect(ApiProblem.from(new Error('Resource failed', { cause: problem }))).toBe(problem);
    expect(ApiProblem.from(problem)).toBe(problem);
    expect(ApiProblem.from('text').code).toBe('internal/unexpected');
  });
});
