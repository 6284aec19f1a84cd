export default {
  files: ['test/tools/**/*.test.ts'],
  extensions: ['ts'],
  timeout: '5m',
  concurrency: 1,
  failWithoutAssertions: true,
};
