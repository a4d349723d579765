//! A browser that is told what to do: the protocol of its developer tools over a pair of pipes, with all that the page has to say.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// One page in one browser. Ends with the value.
pub(crate) struct Page {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    last: u64,
    session: String,
    /// What the page said by itself since it was opened: messages, requests, loads.
    pub(crate) events: Vec<Value>,
    _home: tempfile::TempDir,
}

impl Page {
    /// Starts a browser with an empty page. It reads commands from its descriptor 3 and answers on 4, which the shell
    /// takes from its own input and output.
    pub(crate) fn open(browser: &Path) -> Page {
        let home = tempfile::tempdir().unwrap();
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1"])
            .arg(browser)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-extensions"])
            .args(["--remote-debugging-pipe", "--window-size=1280,900"])
            .arg(format!("--user-data-dir={}", home.path().join("profile").display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (tell, messages) = channel();
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            while output.read_until(0, &mut bytes).is_ok_and(|read| read > 1) {
                bytes.pop();
                let message = serde_json::from_slice(&bytes).expect("messages of the browser are JSON");
                if tell.send(message).is_err() {
                    return;
                }
                bytes.clear();
            }
        });
        let (last, session, events) = (0, String::new(), Vec::new());
        let mut page = Page { child, input, messages, last, session, events, _home: home };
        let target = page.call("Target.createTarget", &json!({ "url": "about:blank" }))["targetId"].clone();
        let attached = page.call("Target.attachToTarget", &json!({ "targetId": target, "flatten": true }));
        attached["sessionId"].as_str().unwrap().clone_into(&mut page.session);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            page.call(&format!("{domain}.enable"), &json!({}));
        }
        page
    }

    /// One command and its answer.
    pub(crate) fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.last += 1;
        let mut command = json!({ "id": self.last, "method": method, "params": parameters });
        if !self.session.is_empty() {
            command["sessionId"] = json!(self.session);
        }
        let mut bytes = serde_json::to_vec(&command).unwrap();
        bytes.push(0);
        self.input.write_all(&bytes).unwrap();
        loop {
            let mut message = self.message(method);
            if message["id"] == self.last {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].take();
            }
            self.events.push(message);
        }
    }

    fn message(&self, what: &str) -> Value {
        self.messages.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{what}: {error}"))
    }

    /// Waits until the page said something of a kind that it had not said before `known` events.
    fn wait_for(&mut self, method: &str, known: usize) {
        while !self.events[known..].iter().any(|event| event["method"] == method) {
            let message = self.message(method);
            self.events.push(message);
        }
    }

    /// Goes to an address and waits until all of it is there.
    pub(crate) fn go(&mut self, address: &str) {
        let known = self.events.len();
        self.call("Page.navigate", &json!({ "url": address }));
        self.wait_for("Page.loadEventFired", known);
    }

    /// Reads the page again from its address.
    pub(crate) fn reload(&mut self) {
        let known = self.events.len();
        self.call("Page.reload", &json!({}));
        self.wait_for("Page.loadEventFired", known);
    }

    /// What an expression of the page's own language comes to, after its promise if it is one.
    pub(crate) fn ask(&mut self, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let mut answer = self.call("Runtime.evaluate", &parameters);
        assert!(answer["exceptionDetails"].is_null(), "{expression:.200}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].take()
    }

    /// Presses a key and lets go of it.
    pub(crate) fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            " " => (32, " "),
            _ => panic!("the test has no key {key}"),
        };
        let named = if key == " " { "Space" } else { key };
        let key = json!({ "key": key, "code": named, "windowsVirtualKeyCode": code });
        let mut down = key.clone();
        down["type"] = json!(if text.is_empty() { "rawKeyDown" } else { "keyDown" });
        down["text"] = json!(text);
        self.call("Input.dispatchKeyEvent", &down);
        let mut up = key;
        up["type"] = json!("keyUp");
        self.call("Input.dispatchKeyEvent", &up);
    }

    /// Types text where the focus is.
    pub(crate) fn write(&mut self, text: &str) {
        self.call("Input.insertText", &json!({ "text": text }));
    }

    /// Moves the mouse to a point, or does more with it there.
    pub(crate) fn mouse(&mut self, what: &str, (x, y): (f64, f64)) {
        let buttons = u8::from(what != "mouseReleased");
        let event =
            json!({ "type": what, "x": x, "y": y, "button": "left", "buttons": buttons, "clickCount": 1 });
        self.call("Input.dispatchMouseEvent", &event);
    }

    /// Clicks into the middle of an element, which is scrolled to first.
    pub(crate) fn click(&mut self, selector: &str) {
        let point = self.point(selector, 0.5);
        self.mouse("mousePressed", point);
        self.mouse("mouseReleased", point);
    }

    /// A point of an element, as a share of its width, in the middle of its height.
    pub(crate) fn point(&mut self, selector: &str, share: f64) -> (f64, f64) {
        let selector = json!(selector);
        let expression = format!(
            "(() => {{ const e = document.querySelector({selector});
                e.scrollIntoView({{ block: 'center', behavior: 'instant' }});
                const b = e.getBoundingClientRect();
                return [b.left + b.width * {share}, b.top + b.height / 2]; }})()"
        );
        let point = self.ask(&expression);
        (point[0].as_f64().unwrap(), point[1].as_f64().unwrap())
    }

    /// Whatever the page should not have said or done: messages of its console, errors, what its policy held back, and
    /// requests of anything but itself.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let said = |event: &&Value| {
            let method = event["method"].as_str().unwrap_or_default();
            let url = event["params"]["request"]["url"].as_str().unwrap_or_default();
            ["Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"].contains(&method)
                || (method == "Network.requestWillBeSent"
                    && !url.starts_with("file:")
                    && !url.starts_with("data:"))
        };
        self.events.iter().filter(said).map(ToString::to_string).collect()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let ended = self.child.kill().and_then(|()| self.child.wait());
        drop(ended);
    }
}
