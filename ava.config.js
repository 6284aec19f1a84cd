export default {
  files: ['test/**/*.test.ts', '!test/long/**', '!test/tools/**'],
  extensions: {ts: 'module'},
  timeout: '60s',
  failWithoutAssertions: true,
};
