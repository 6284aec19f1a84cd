export default {
  files: ['test/tools/**/*.test.ts'],
  extensions: {ts: 'module'},
  timeout: '5m',
  concurrency: 1,
  failWithoutAssertions: true,
};
