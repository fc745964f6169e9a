"""An HTTP receiver for tests: answers the first requests as asked, then 200; keeps what it was sent, a line each.

Usage: receiver.py FILE STATUS...   (prints its port)
"""

import http.server
import json
import sys

answers = [int(word) for word in sys.argv[2:]]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status = answers.pop(0) if answers else 200
        line = {
            "status": status,
            "path": self.path,
            "key": self.headers.get("Idempotency-Key", ""),
            "token": self.headers.get("X-Token", ""),
            "body": json.loads(body),
        }
        with open(sys.argv[1], "a") as file:
            file.write(json.dumps(line) + "\n")
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
