// asterisk_manager_client.js PORT: reads events until the server closes; prints how many, and the CPU time since the log-in.
'use strict';
const manager = require('asterisk-manager')(Number(process.argv[2]), '127.0.0.1', 'bench', 'bench', true);

let events = 0;
const start = process.cpuUsage();
manager.on('managerevent', () => { events += 1; });
manager.on('close', () => {
  setImmediate(() => {
    const spent = process.cpuUsage(start);
    console.log(JSON.stringify({ events, cpu_seconds: (spent.user + spent.system) / 1e6 }));
    process.exit(0);
  });
});
