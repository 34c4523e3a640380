import { RestError, type PipelinePolicy } from '@azure/core-rest-pipeline';

/**
 * Turns every answer that is not a success into a `RestError` before an SDK client reads its body. The clients expect
 * Azure's shape there: a gateway's `{}` makes `@azure/arm-resourcegraph` 5.0.0 throw a TypeError, which has no status.
 */
export const errorAnswerPolicy: PipelinePolicy = {
  name: 'errorAnswer',
  async sendRequest(request, next) {
    const response = await next(request);
    const { status } = response;
    if (status >= 200 && status < 300) return response;
    throw new RestError(`HTTP ${status}`, { statusCode: status, request, response });
  },
};
