// Applies the chosen theme before the first paint. A file of its own because the content security policy forbids inline scripts.
(() => {
  try {
    const theme = localStorage.getItem('bailiff.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // No storage (private window): follow the system.
  }
})();
