import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { DefaultAzureCredential } from '@azure/identity';

const client = new ResourceGraphClient(new DefaultAzureCredential(), { retryOptions: { maxRetries: 0 } });
const page = await client.resources({ query: 'resources | count' });
process.stdout.write(`rows ${page.data.rows[0][0]}\n`);
