export default {
  files: ['test/**/*.test.ts', '!test/long/**', '!test/tools/**'],
  extensions: ['ts'],
  timeout: '60s',
  failWithoutAssertions: true,
};
