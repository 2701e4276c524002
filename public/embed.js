// For other pages: loads the app's script, checked, from wherever this file lies.

const script = document.createElement("script");
script.type = "module";
script.integrity = APP_INTEGRITY;
script.crossOrigin = "anonymous";
script.src = new URL(APP_FILE, import.meta.url).href;
document.head.append(script);
