;;; eglot.el --- What a user of eglot sees of a file; run by test_emacs.py  -*- lexical-binding: t; -*-

;; The environment names the lines of the page (CONFIGURATION) and the file that is opened (OPENED). What is seen is
;; printed as JSON.

(require 'package)
(package-initialize)
(require 'eglot)
(require 'json)

(defvar wait-s 60 "Seconds until something that must come is taken not to come.")

(defun eventually (what look)
  "Wait until LOOK returns something, and return it; WHAT is told where it does not."
  (let ((ends-at (+ (float-time) wait-s)) found)
    (while (and (not (setq found (funcall look))) (< (float-time) ends-at))
      (accept-process-output nil 0.05))
    (or found (error "Never: %s" what))))

(load (getenv "CONFIGURATION") nil t)
(setq eglot-sync-connect 30
      flymake-no-changes-timeout 0.1
      create-lockfiles nil
      make-backup-files nil)
(setq-default eglot-workspace-configuration '(:sleeplsp (:load_max 0 :idle_s 0.05)))

(find-file (getenv "OPENED"))
(unless (derived-mode-p 'python-mode) (python-mode))
(eglot-ensure)
;; A batch has no commands after which it would start.
(run-hooks 'post-command-hook)
(eventually "a server" #'eglot-current-server)
(flymake-mode 1)

(defun marks ()
  "Return what stands under each mark, and what is said of it."
  (mapcar (lambda (mark)
            (list (buffer-substring-no-properties (flymake-diagnostic-beg mark) (flymake-diagnostic-end mark))
                  (flymake-diagnostic-text mark)))
          (flymake-diagnostics)))

(defun hover ()
  "Return what the server says of what is at point."
  (plist-get (plist-get (jsonrpc-request (eglot-current-server) :textDocument/hover
                                         (eglot--TextDocumentPositionParams))
                        :contents)
             :value))

(eventually "two marks" (lambda () (flymake-start) (= (length (marks)) 2)))
(goto-char (point-min))
(search-forward "price(name).up")
(goto-char (match-beginning 0))
(princ (json-encode
        (list (cons "marks" (vconcat (mapcar #'vconcat (marks))))
              (cons "hover" (hover))
              (cons "actions" (vconcat (mapcar (lambda (action) (plist-get action :title))
                                               (eglot-code-actions (point) (point))))))))
(eglot-shutdown (eglot-current-server))
;;; eglot.el ends here
