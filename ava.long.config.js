export default {
  files: ['test/long/**/*.test.ts'],
  extensions: ['ts'],
  timeout: '20m',
  concurrency: 1,
  failWithoutAssertions: true,
};
