import {z} from 'zod';

const pem = z.string().includes('-----BEGIN', {message: 'must be PEM text, for example read by a file reference'});

export const tls = z.strictObject({
  ca: z
    .union([pem, z.array(pem)])
    .optional()
    .describe('Certificate authority (PEM) to trust instead of the public ones'),
  cert: pem.optional().describe('Client certificate (PEM), where the SMSC asks for one'),
  key: pem.optional().describe('Private key (PEM) of the client certificate'),
  passphrase: z.string().optional().describe('Passphrase of the private key'),
  servername: z.string().optional().describe('Name the certificate must carry, when it is not the host'),
  minVersion: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2').describe('Lowest TLS version'),
  acceptAnyCertificate: z
    .boolean()
    .default(false)
    .describe(
      'Do not verify the certificate: anybody on the way can read and send texts. A warning is logged at each start',
    ),
});
