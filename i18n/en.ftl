### chungthu: the English words. Terms: docs/glossary.md. The same ids in the same order as vi.ftl.

## What is typed on a keyboard; not translated

-allow-expired = --allow-expired
-allow-final-try = --allow-final-try
-allow-not-yet-valid = --allow-not-yet-valid
-allow-older = --allow-older
-build-soft-token = cargo build --release -p chungthu-soft-token
-ca = --ca
-der = --der
-dry-run = --dry-run
-force = --force
-help = chungthu --help
-install = chungthu install
-list = chungthu list
-module = --module
-module-variable = CHUNGTHU_MODULE
-now = --now
-pem = --pem
-pin-source = --pin-source
-remove-old-first = --remove-old-first
-restore = chungthu restore
-show = chungthu show
-token-option = --token
-tokens = chungthu tokens
-yes = --yes

## Words of every command

cancelled = Stopped as asked.
failed = It did not work.
refused = The program refused.
stopped-at = Stopped at
to-do = What to do
token = Token
token-name = “{ $label }”, serial { $serial }
certificate-name = “{ $holder }”, serial { $serial }, valid to { $not_after }
token-state = State of the token
warning = Note
operation-log-in = log in with the PIN
operation-look = look at the token
operation-open = open the token
operation-read = read the token
operation-set-pin = setting a new PIN
operation-sign = sign with the private key
operation-start = start
pin-count-low = a wrong PIN was entered recently
pin-failed-logins = { $count ->
    [one] 1 failed login from this computer since the last success
   *[other] { $count } failed logins from this computer since the last success
 }
pin-final-try = one try left, a wrong PIN locks it
pin-locked = locked
pin-not-set = not set yet
pin-ready = ready
pin-to-be-changed = must be changed first
press-enter = Press Enter to close the window.

## What to do after an install

follow-replug = Unplug the token and plug it in again, so that Windows and other programs read its certificates anew.
follow-windows-store = On Windows, open certmgr.msc, folder Personal, and delete the copy of any certificate that is no longer on the token.
follow-signing-programs = Choose the certificate again in VGCASignService, the document system and other signing programs.
follow-portals = Register the new serial number { $serial } with the tax, treasury, social insurance and procurement portals that the office uses.
follow-portals-restored = Check that the tax, treasury, social insurance and procurement portals that the office uses have the serial number { $serial }.
follow-register = Update the office's register of certificates.

## Install

install-file-heading = Certificate file
install-token-heading = Token
install-plan-heading = What will be done
install-plan-again-heading = More became visible after the login; the plan is now
install-steps-heading = Working
install-done-heading = The new certificate is installed.
install-dry-run-heading = Dry run
install-nothing-to-do-heading = There is nothing to do.
install-follow-heading = What to do next
install-on-token-heading = Certificates of this key on the token
install-looking-at-tokens = Looking for the token that holds this certificate's key…
install-looking-for-one-of = { $count } certificates were given. Looking for the token that holds the key of one of them…
install-for-another-token = One of the certificates is for this token. Left aside, for another token ({ $count }): { $files }
install-token-label = Label
install-token-serial = Serial
install-token-model = Model
install-token-driver = Driver
install-token-pin = PIN
install-key-matched = The key on the token is the key of the certificate in the file.
install-key-hidden = The token shows no key before login. This is checked right after the PIN, before anything is written.
install-change-label = Kind of change
install-change-first = this key's first certificate
install-change-renewal = renewal
install-change-information = change of information
install-change-renewal-and-information = renewal and change of information
install-change-older = an older certificate of the same key
install-change-reissue = issued again, same information and same end
install-changed-heading = Different from the certificate that is there:
install-changed-field = { $field }: { $old } → { $new }
install-changed-nothing = No fact differs from the certificate that is there, but for technical ones.
install-plan-login = Log in once with the PIN and sign a challenge, to be sure of the key.
install-plan-prove = Sign a challenge, to be sure of the key. The login is done; the PIN is not asked for again.
install-plan-prove-with-login = This key wants the PIN for each signature: the PIN is sent once more, for one challenge. It is not asked for again.
install-plan-no-proof = This key may not sign (an encryption key). Its public key on the token is compared with the certificate; no challenge is signed.
install-plan-backup = Write a backup record to { $folder }. This key has no certificate yet.
install-plan-backup-old = { $count ->
    [one] Back up the present certificate to { $folder }.
   *[other] Back up the { $count } present certificates to { $folder }.
}
install-plan-add = Write the new certificate, serial { $serial }, valid to { $not_after }.
install-plan-already-there = The new certificate is on the token already and is not written again.
install-plan-refile = An interrupted run left the new certificate under a temporary id. Give it the key's id: serial { $serial }, valid to { $not_after }.
install-plan-verify = Read it back through a second process and sign another challenge.
install-plan-verify-bytes = Read it back through a second process and compare every byte, and the key.
install-plan-remove = Only then remove the old certificate, serial { $serial }, valid to { $not_after }.
install-plan-remove-copy = Only then remove the duplicate copy of the new certificate, serial { $serial }, valid to { $not_after }.
install-plan-clear-away = { $count ->
    [one] Remove what a run that was cut off left of a certificate.
   *[other] Remove { $count } objects, which runs that were cut off left of a certificate.
    }
install-plan-keep = Keep the old certificate, serial { $serial }, valid to { $not_after }.
install-plan-key-untouched = Calls that change the token: { $count }. The private key is not touched.
install-plan-driver-may-replace = Some drivers replace the present certificate at once when another is written. It can be restored from the backup then.
install-plan-fallback-aside = If the token takes no two certificates under one id: write it under a temporary id, then change the id, { $count } changing calls in all.
install-plan-fallback-old-last = The present certificate is still removed last.
install-plan-fallback-remove-first = If the token refuses even so: remove the present certificate first and then write, as { -remove-old-first } allows. In between the token has no certificate of this key; the backup is the way back. If the write is still refused, the removed one is tried to be written back; a token that refuses every write refuses that one too.
install-plan-fallback-none = If the token refuses even so: stop, with the present certificate in place.
install-plan-elsewhere = (It stands under another id: { $id }.)
install-plan-look-again = Only a login shows whether anything is left to do. If so, you will be asked again before anything is written. The private key is not touched.
install-plan-unknown-until-login = The token hides its contents before login. If older certificates appear after it, you will be asked again before anything is written. The private key is not touched.
install-warning-chain = The chain: { $problem }. Other programs may refuse it.
install-warning-revocation = This certificate: { $answer }. With a revoked one nothing can be signed; ask the CA before you install it.
install-warning-authority-revoked = The authority { $authority }: { $answer }. Ask the CA before you install the certificate.
install-warning-issuer-unknown = The issuer's signature was not checked, because the issuer's certificate is not at hand. It can be given with { -ca }.
install-warning-pin-count-low = A wrong PIN was entered on this token recently. Type with care: too many wrong PINs lock the token.
install-warning-pin-final-try = One try is left. A wrong PIN locks the token, and a recovery must be requested.
install-warning-pin-tries-counted = { $count ->
    [one] This computer has seen 1 failed login to this token since the last success. Type with care: too many wrong PINs lock the token.
   *[other] This computer has seen { $count } failed logins to this token since the last success. Type with care: too many wrong PINs lock the token.
 }
install-warning-expired = The certificate in the file expired on { $not_after }.
install-warning-not-yet-valid = The certificate in the file is valid only from { $not_before }.
install-warning-older = The token has a newer certificate than the one in the file.
install-warning-old-kept = The token will have several certificates of one key. Some programs may take the wrong one.
install-warning-old-not-kept = The driver did not keep the certificate that was there, although it was to be kept. It is in the backup.
install-warning-foreign = A certificate of another key has the same key id: { $subject }. This program does not touch it, and backs it up before it writes, because some drivers overwrite it.
install-warning-foreign-unreadable = An unreadable object has the same key id. This program does not touch it, and backs it up before it writes, because some drivers overwrite it.
install-warning-foreign-lost = The driver put the new certificate in the place of another key's certificate: { $subject }. That one is no longer on the token. If its key is still in use, install it again from its .cer file in the backup folder: { -install } FILE.cer
install-warning-foreign-lost-unreadable = The driver put the new certificate in the place of an object that could not be read as a certificate. It is no longer on the token; its bytes are in a .cer file in the backup folder. If something is missing on the token, give that file to the office's IT officer.
install-warning-key-not-seen = The certificate is on the token, but the key is hidden before login, so that the two were not checked to belong together.
install-warning-possession-not-proved = This key may not sign, so that no challenge could be signed. Its public key is the one in the certificate.
install-warning-several-old = { $count ->
    [one] This key has one old certificate.
   *[other] This key has { $count } old certificates.
}
install-warning-renewed-before = By the history on this computer, this key was renewed before: the certificate with serial { $serial } was installed on { $date }. Nghị định 130/2018/NĐ-CP, Điều 63, khoản 1, lets a renewal be requested only once; compare Nghị định 68/2024/NĐ-CP, Điều 12, which is in force now. The install is not held back; if in doubt, ask the managing agency.
install-warning-backup-of-other-token = The backup was made of another token with the same key, serial { $serial }.
install-warning-history-not-kept = This could not be written into the history on this computer, file { $place }: { $detail }. What was done on the token is not affected.
install-warning-driver = The driver { $module } could not be used: { $problem }
install-step-prove-before = Signing a challenge with the key on the token
install-step-back-up = Backing up the present certificates
install-step-add = Writing the new certificate
install-step-add-aside = Writing the new certificate under a temporary id
install-step-set-id = Giving it the key's id
install-step-remove-first = Removing a certificate to make room
install-step-put-back = Writing the removed certificate back
install-step-clean-up = Clearing away what a refused write left
install-step-read-back = Reading it back
install-step-prove-after = Signing again, compared with the certificate as read back
install-step-remove = Removing the old certificate
install-step-last-look = Taking a last look
install-step-log-in = Logging in
install-on-token-new = new: serial { $serial }, valid to { $not_after }
install-on-token-old = old, still on the token: serial { $serial }, valid to { $not_after }
install-removed = removed from the token: serial { $serial }, valid to { $not_after }
install-removed-copy = removed from the token, a duplicate copy of the new one: serial { $serial }, valid to { $not_after }
install-replaced-by-driver = The driver put it in the place of the certificate that was there, by itself.
install-placed-aside = The token takes no two certificates under one id, so it was written under a temporary id, which was then changed.
install-placed-after-removal = The token took it only after another certificate was removed to make room.
install-read-back-second-process = Read back through a second process: every byte is right.
install-read-back-fresh-session = Read back through a new session: every byte is right. This token does not show it to a second process without a login.
install-backup-place = Backup: { $backup }
install-already-installed = The certificate in the file is in its place on the token. Nothing was changed.
install-already-installed-from-here = It was installed from this computer on { $date }.
install-dry-run-nothing = Nothing was changed. Leave { -dry-run } out to do it.
install-report-lost = Only the report about it could not be written to standard output. Nothing has to be installed again.
install-interrupted-late = Ctrl-C was pressed during the write. The write was finished, because stopping halfway does more harm.
## Restore

restore-file-heading = Backup
restore-holds = { $count ->
    [0] When it was made, this key had no certificate.
    [one] It holds one certificate:
   *[other] It holds { $count } certificates:
}
restore-key-matched = The key on the token is the key of the backup.
restore-plan-add = Write back the certificate of the backup, serial { $serial }, valid to { $not_after }.
restore-plan-already-there = The certificate of the backup, serial { $serial }, valid to { $not_after }, is on the token and is not written again.
restore-plan-nothing-wanted = Write nothing: when the backup was made, the key had no certificate. It will have none afterwards.
restore-plan-remove = Last, remove the present certificate, serial { $serial }, valid to { $not_after }.
restore-plan-keep = Keep the present certificate, serial { $serial }, valid to { $not_after }.
restore-step-add = Writing the certificate of the backup
restore-step-add-aside = Writing the certificate of the backup under a temporary id
restore-step-remove = Removing the certificate that took its place
restore-done-heading = The backed-up state is restored.
restore-already-restored = The token is as it was when the backup was made. Nothing was changed.
restore-on-token = serial { $serial }, valid to { $not_after }
restore-on-token-none = no certificate, as when the backup was made
restore-on-token-kept = kept as well: serial { $serial }, valid to { $not_after }

## Questions

prompt-again = That was no clear answer. Type y (yes) or n (no).
prompt-choices = [y/n]
prompt-install = Carry out this plan?
prompt-install-again = Go on?
prompt-restore = Restore as planned above?
prompt-forget = Remove the history?
prompt-pin =
    Enter the PIN of the token “{ $label }”, serial { $serial }.
    Nothing shows while you type. PIN:
prompt-change-pin = Change the PIN of the token “{ $label }” (serial { $serial })? The old PIN will be tried exactly once.
prompt-unblock-pin = Unblock the token “{ $label }” (serial { $serial }) and set a new PIN? The security officer's PIN will be tried exactly once; too many wrong ones and it is lost for ever.
prompt-unblock-under-way = Is the CA guiding you through the unlocking of this token by telephone now, or has it agreed a time for that?
prompt-old-pin = Present PIN of the token “{ $label }” (serial { $serial }):
prompt-new-pin = New PIN (at least 8 characters, with upper case, lower case and digits):
prompt-new-pin-again = New PIN again:
prompt-new-pin-differs = The two are not the same. Type the new PIN again from the beginning.
prompt-so-pin = Security officer's PIN of the token “{ $label }” (serial { $serial }):
prompt-pin-not-sent = The PIN was not sent to the token; no try was used up.
prompt-pin-on-reader = Enter the PIN of the token “{ $label }”, serial { $serial }, on the reader or in the driver's own window. That window may be behind another.

## A certificate, explained

show-heading = { $file }
show-holder-heading = Holder
show-certificate-heading = Certificate
show-technical-heading = Technical facts
show-common-name = Name
show-organization = Organization
show-units = Units
show-title = Title
show-locality = Locality
show-state = Province
show-country = Country
show-email = E-mail
show-identifier = Number
show-tax-code = tax code { $value }
show-citizen-number = citizen's number { $value }
show-old-citizen-number = old citizen's number { $value }
show-serial = Serial number
show-valid-from = Valid from
show-valid-to = Valid to
show-validity = Validity
show-days-left = { $days ->
    [one] { $days } day left
   *[other] { $days } days left
}
show-last-day = today is the last day
show-expired = { $days ->
    [one] expired { $days } day ago
   *[other] expired { $days } days ago
}
show-expired-just-now = expired less than a day ago
show-not-yet-valid = not valid yet
show-issuer = Issuer
show-issuer-checked = Issuer's signature
show-issuer-pinned = good, by “{ $by }”, a known certificate of the government CA
show-issuer-given = good, by “{ $by }” as its certificate at hand shows; the program does not know that certificate beforehand
show-issuer-unknown = not checked, the issuer's certificate is not at hand (see { -ca })
show-issuer-bad = BAD: not the signature of “{ $by }”
show-generation = CA
show-generation-one = government CA, generation G1 (to 2030)
show-generation-two = government CA, generation G2 (to 2048)
show-generation-claimed = { $generation }, as the certificate says of its issuer, not verified
show-generation-none = not the government CA
show-kind = Kind
show-kind-ca = a certification authority's certificate, not for a subscriber's token
show-kind-known-ca = a known certificate of the government CA, not for a subscriber's token
show-kind-encryption = the name ends in (M): probably an encryption certificate, which signing programs skip
show-key = Key
show-usage = Key usage
show-extended-usage = Extended usage
show-signature-algorithm = Signed with
show-sha1 = SHA-1 (thumbprint)
show-sha256 = SHA-256
show-ocsp = OCSP
show-crl = CRL
show-ca-issuers = Issuer's certificate
show-policies = Policies
show-exported = DER written to { $file }.
show-diff-heading = Two certificates compared
show-diff-old = First certificate
show-diff-new = Second certificate
show-diff-changes = What differs, from the first to the second:
show-diff-result = Result
show-diff-same-file = the same, byte for byte
show-diff-other-key = two keys: the second cannot be installed on the token of the first
show-diff-renewal = the same key, renewed
show-diff-information = the same key, information changed
show-diff-both = the same key, renewed and information changed
show-diff-reissue = the same key and information, not longer valid (issued again)
show-gloss-heading = What it means for the office
show-gloss-serial = Serial number: goes into the requests for renewal, change and revocation; each certificate has another, so register the new one wherever the old one is registered.
show-gloss-validity = Validity: after the last day nothing can be signed; a renewal has to be asked for much earlier.
show-gloss-email = E-mail: the official address that is registered; another address is a change of information.
show-gloss-issuer = Issuer and chain: they prove that the certificate is real; “not whole” does not mean forged.
show-gloss-key = Key and purposes: the private key is in the token; this file holds no secret and may be given to others.
show-gloss-fingerprint = SHA-1, SHA-256: the file's fingerprints, to compare over the telephone or to search for in signing programs.
show-ca-skipped = { $file } was passed over as a CA certificate: { $problem }

## What is on a token

list-heading = Token “{ $label }”, serial { $serial }
list-keys-heading = Keys
list-certificates-heading = Certificates
list-no-keys = No key is visible.
list-no-certificates = No certificate is visible.
list-column-holder = Name
list-column-serial = Serial number
list-column-end = Valid to
list-column-mark = Remark
list-column-key = Key
list-column-label = Label
list-column-id = Id
list-column-certificates = Certificates
list-mark-current = in use
list-mark-old = old
list-mark-expired = expired
list-mark-not-yet-valid = not valid yet
list-mark-ca = of a CA
list-mark-no-key = no key here
list-mark-key-unknown = key unknown
list-unreadable = unreadable ({ $bytes ->
    [one] 1 byte
   *[other] { $bytes } bytes
})
list-private-hidden = Private keys usually show only after a login; this command does not log in.
list-several-of-one-key = A key has several valid certificates. Signing programs may take the old one.
list-uri-heading = Names for other programs (URI)

## The history on this computer

history-heading = What was done on this computer
history-none = The history has no entry yet.
history-none-of-token = The history has no entry for that token.
history-column-date = Date
history-column-action = Done
history-column-holder = Name
history-column-certificate = Certificate
history-column-token = Token
history-install = install
history-install-stopped = install, stopped halfway
history-restore = restore
history-restore-stopped = restore, stopped halfway
history-valid-to = valid to { $not_after }
history-no-certificate = no certificate
history-place = The history is on this computer alone, in the file { $file }. What is on a token now, { -list } tells.
history-problem-cut = The history file is too long; only its newest part was read.
history-problem-damaged = Damaged lines in the history file, passed over: { $count }.
history-problem-newer = Lines written by a newer version of this program, passed over: { $count }.
history-forget-plan = Everything in { $file } will be removed. Backups and journals stay. Afterwards the program no longer knows which renewals were installed from this computer.
history-forgotten = The content of { $file } was removed. Backups and journals stay.
history-nothing-to-forget = { $file } holds nothing to remove. Backups and journals stay.

## Drivers and tokens

tokens-driver-heading = { $path }
tokens-driver = Driver
tokens-driver-name = { $name } { $version } ({ $manufacturer })
tokens-route = Found through
tokens-route-command-line = { -module }
tokens-route-configuration = the configuration file
tokens-route-environment = { -module-variable }
tokens-route-p11-kit = a p11-kit module file
tokens-route-well-known = a vendor's usual place
tokens-declared-in = Declared in
tokens-init-string = Init string
tokens-init-string-length = given, { $bytes ->
    [one] 1 byte
   *[other] { $bytes } bytes
}
tokens-load-time = Start
tokens-load-milliseconds = { $milliseconds } ms
tokens-problem = Problem
tokens-no-token = This driver shows no token.
tokens-no-driver = No driver was found. Install the software that came with the token (bit4id or SafeNet), or name the file with { -module }. Add -v to see where was looked.
tokens-token-heading = { $number }. “{ $label }”
tokens-store-heading = Certificate store “{ $label }”
tokens-store-meaning = holds no key of a user: no token
tokens-slot = Slot
tokens-slot-problem = Slot { $slot }: { $problem }
tokens-reader = Reader
tokens-serial = Serial
tokens-model = Model
tokens-manufacturer = Manufacturer
tokens-pin = PIN
tokens-pin-length = PIN length
tokens-pin-length-range = { $minimum } to { $maximum } characters
tokens-pin-on-reader = entered on the reader or in the driver's own window
tokens-memory = Memory
tokens-memory-free = { $free } of { $total } bytes free
tokens-not-initialized = the token is not initialised
tokens-write-protected = the token is write protected
tokens-uri = URI
tokens-places-heading = Places that were looked at
tokens-place-present = there: { $path }
tokens-place-absent = not there: { $path }
tokens-place-names = there: { $folder } – looked for { $names }
tokens-passed-over-heading = Seen and not used
tokens-passed-over = { $path }: { $reason }
tokens-passed-over-declared = { $path } (declared in { $file }): { $reason }
tokens-reason-declaration-unreadable = this p11-kit file cannot be read ({ $detail })
tokens-reason-missing = not there
tokens-reason-not-for-this-program = declared for other programs only
tokens-reason-proxy = shows the tokens of the other drivers once more
tokens-reason-remote = works through a command, which this program does not run
tokens-reason-same-file = the same file as { $first }
tokens-reason-switched-off = names no driver, so it is switched off
tokens-reason-trust-policy = holds certificates to trust, and no keys

## The demonstration

demo-heading = Demonstration: installing a renewed certificate
demo-introduction = All of this happens on a software token in a temporary folder, which is removed at the end. No USB token and no real PIN are needed. The install itself is the real one, the same as chungthu install.
demo-step-heading = Step { $number }. { $title }
demo-make-token = A token with a key
demo-make-token-text = The software token is made in { $folder }.
demo-make-key = It holds an RSA 2048 key. The private key never leaves the token.
demo-issue-old = A certificate that ends soon
demo-issue-old-text = { $days ->
    [one] The demonstration authority issued a certificate for that key; { $days } day is left.
   *[other] The demonstration authority issued a certificate for that key; { $days } days are left.
}
demo-before = On the token before the install
demo-issue-new = The authority sends the renewed certificate
demo-issue-new-text = The office asked for a renewal. The authority sends the file { $file }. It holds a certificate and no key.
demo-install = Install
demo-install-text = With a real token the command would be: { $command }
demo-after = On the token after the install
demo-second-run = Once more
demo-second-run-text = The same command a second time. There is nothing to do, so no PIN is asked for.
demo-pin-given = The demonstration token's PIN is entered automatically here. With a real token the program asks once.
demo-end = This is the end of the demonstration. The temporary folder is removed. With a real token, begin with { -tokens }, then { -show } and the file's name.
demo-holder-organization = CƠ QUAN TRÌNH DIỄN

## The state of the token after a failure

state-none-touched = no token was touched.
state-not-touched = not changed in any way.
state-unchanged = looked at again; everything on it is as before.
state-leftover = the certificates from before are as they were; beside them lies an object of an unfinished write that could not be cleared away.
state-new-and-old = the new certificate is there, and the old one still is.
state-only-new = only the new certificate is there.
state-old-missing = the old certificate is gone and the new one is not there. The old one is in the backup folder as a .cer file.
state-restore-both = certificates of the backup are there, and what was there before still is.
state-restore-only = the token is as the backup has it.
state-restore-missing = what was there is gone, and not everything of the backup is there yet. All of it is in the backup folder as .cer files.
state-pin-new = the new PIN is in force; keys and certificates are as they were.
state-pin-old = the old PIN is in force; keys and certificates are as they were.
state-pin-unknown = whether the old or the new PIN is in force is not known; keys and certificates are as they were.
state-pin-not-new = the token does not take the new PIN, so that the old one is probably in force; keys and certificates are as they were.
state-unknown = could not be looked at again; it may be changed.

## What happened

what-internal = A mistake of the program.
what-argument-unknown = There is no option { $argument }.
what-argument-missing = An argument is missing: { $argument }
what-argument-no-text = An argument is no readable text.
what-arguments-conflict = { $argument } cannot be used with { $other }.
what-configuration-unreadable = The configuration file { $file } could not be read.
what-configuration-wrong = The configuration file { $file } is wrong in line { $line }.
what-command-unknown = There is no command “{ $word }”, and no file of that name.
what-date-unreadable = The date “{ $value }” is not understood. Write it as 2026-11-23T00:00:00Z.
what-der-of-several = { -der } works with one file only.
what-now-unused = { -now } has no effect on this command.
what-now-where-written = { -now } cannot be used when the token is written. Add { -dry-run } to try.
what-pem-and-der = { -pem } cannot be used with { -der }.
what-pin-source-is-file = The PIN is to come from { $file }, which is also given as a file to read. A certificate would be tried as the PIN.
what-pin-sources-same = Two PINs cannot come from one place.
what-new-pin-no-digit = no digit
what-new-pin-no-lower-case = no lower-case letter
what-new-pin-no-upper-case = no upper-case letter
what-new-pin-not-taken = The driver says that the PIN was changed, but a login with the new PIN was refused.
what-new-pin-refused-by-token = The token does not accept this new PIN: it has a rule of its own.
what-new-pin-same = the same as the old one
what-new-pin-too-short = shorter than { $minimum } characters
what-new-pin-weak = The new PIN will not do: { $reasons }.
what-pin-change-stopped = The change of the PIN was cut off, and the driver does not say whether it was done.
what-so-pin-final-try = One try is left for the security officer's PIN; a wrong one and it is lost for ever. The program does not go on unless told to.
what-so-pin-locked = The security officer's PIN is locked; the token can no longer be unblocked here.
what-so-pin-wrong = The security officer's PIN is wrong.
what-unblock-not-here = This token holds a certificate of the government CA: only the CA may recover (unlock) it.
what-unblock-under-way = The unlocking is under way; the program does not touch the token.
what-pin-source-unknown = { -pin-source } must be prompt, stdin, file:PATH, env:NAME or token. What was typed is not repeated here, in case it is the PIN.
what-standard-input-twice = Standard input can be read only once: as one file or as the PIN.
what-uri-attribute-repeated = The URI has the attribute { $attribute } twice.
what-uri-attribute-unknown = The URI has an unknown attribute at character { $position }.
what-uri-attribute-unselective = This program cannot choose a token by { $attribute }.
what-uri-malformed = The pkcs11: URI is not understood at character { $position }. Characters that may not stand there are written as % and two digits.
what-uri-pin = A URI must not hold the PIN or say where it is. The PIN never stands on a command line.
what-uri-value-wrong = The URI has a value for { $attribute } that cannot be right.
what-value-missing = { $argument } needs a value.
what-value-not-one-of = { $argument } does not take “{ $value }”. It takes one of: { $known }.
what-value-unknown = { $argument } does not take “{ $value }”.
what-cancelled = Nothing was written to the token.
what-no-terminal-for-pin = A PIN must be entered and there is no terminal to enter it.
what-no-terminal-for-question = A question must be asked before the write and nobody can answer: the input is no terminal.
what-file-damaged = The file { $file } is damaged: the field { $field } at byte { $offset } cannot be read.
what-file-empty = The file { $file } is empty.
what-file-has-private-key = The file { $file } holds a private key. A subscriber's private key belongs on the token only; the program reads no further.
what-file-is-archive = The file { $file } is a { $format } archive. The certificate is probably a .cer file inside it.
what-file-is-ca-certificate = The file { $file } holds only certificates of certification authorities (“{ $subject }”), not a subscriber's.
what-file-is-crl = The file { $file } is a list of revoked certificates (CRL), not a certificate.
what-file-is-html = The file { $file } is a web page, not a certificate. This usually comes from a download without a login.
what-file-is-image = The file { $file } is a picture, not a certificate.
what-file-is-key-store = The file { $file } is a key store (.p12, .pfx, .jks): it holds a private key together with its certificate. A subscriber's private key belongs on the token only; the program reads no further.
what-file-is-no-list = The file { $file } is not a list of revoked certificates (CRL).
what-file-is-list-with-more = Something follows the list of revoked certificates in the file { $file }.
what-file-is-list-too-large = The file { $file } is larger than { $limit } MiB and is not read.
what-diff-needs-two = A comparison needs exactly two certificates; { $count } were read.
what-no-certificate-on-token = There is no certificate on the token.
what-token-several-certificates = There are { $count } certificates on the token; only one can be written.
what-file-is-office-document = The file { $file } is a Word, Excel or similar document, not a certificate.
what-file-is-pdf = The file { $file } is a PDF document, not a certificate.
what-file-is-pkcs7 = The file { $file } is a PKCS#7 file without certificates: an encrypted message or a list of revoked certificates.
what-file-is-public-key = The file { $file } holds only a public key and no certificate.
what-file-is-request = The file { $file } is a certificate request (CSR), not the certificate that the authority sends back.
what-file-is-signed-document = The file { $file } is a signed document or a signature (.p7m, .p7s), not a certificate. The signer's certificate in it is not taken.
what-file-is-text = The file { $file } is plain text without a certificate in it.
what-file-is-unknown = The file { $file } is not a certificate.
what-file-not-found = There is no file { $file }.
what-file-pem-damaged = The certificate in the text file { $file } is cut short or altered: its BEGIN and END lines, or the letters between them, are not whole.
what-file-several-certificates = The file { $file } holds { $count } certificates; { -der } writes one.
what-file-too-large = The file { $file } is larger than { $limit } KiB and cannot be a certificate file.
what-file-trailing-bytes = The file { $file } has { $count ->
    [one] 1 byte
   *[other] { $count } bytes
} after the certificate, from byte { $offset }.
what-file-truncated = The file { $file } is cut short: it should have { $expected ->
    [one] 1 byte
   *[other] { $expected } bytes
} and has { $actual }.
what-file-unfinished = The file { $file } is cut short: its end is missing.
what-file-unreadable = The file { $file } cannot be read.
what-folder-without-certificates = No file in the folder { $folder } is named as a certificate (.cer, .crt, .der, .pem, .p7b, .p7c; .txt may follow).
what-output-exists = The file { $file } is there already and is not written over.
what-output-unwritable = { $file } cannot be written.
what-cert-expired = The certificate in the file expired on { $not_after }.
what-cert-not-yet-valid = The certificate in the file is valid only from { $not_before }. This computer's clock says { $now }.
what-cert-older-than-installed = The token has a newer certificate: serial { $serial }, valid to { $not_after }. This file is probably an old one.
what-cert-same-serial-different-bytes = The token has a certificate of the same issuer with the same serial { $serial } and other contents. A CA never issues such a pair.
what-issuer-signature-invalid = The signature on the certificate is not that of its issuer “{ $issuer }”. The file was changed or forged.
what-key-ambiguous = Several keys on the token fit the certificate (ids: { $ids }). The program does not guess.
what-key-cannot-tell = Even after the login the token does not show whether it holds the certificate's key.
what-key-may-not-sign = The key fits the certificate but may not sign, so that it cannot be proved to be the certificate's.
what-key-not-on-token = The certificate in the file belongs to no key on the token plugged in: { $tokens }. The file is somebody else's, or another token's.
what-key-unsupported = The program cannot check this certificate's kind of key.
what-several-certificates = Of the certificates given, { $count } may be meant, and one is installed at a time: { $certificates }.
what-possession-not-proved = The token did not sign the challenge, or the signature does not fit the certificate. It is not proved that the token holds the certificate's key.
what-module-crashed = The driver { $module } ended abruptly.
what-module-crashed-in = The driver { $module } ended abruptly in { $function }.
what-module-answered = The driver { $module } answered { $answer } to { $function }.
what-module-failed = The driver { $module } could not be started.
what-module-incomprehensible = The driver { $module } answered against the rules.
what-module-is-proxy = { $module } is no token's driver but a go-between of p11-kit. Name the token's own driver.
what-module-library-missing = The driver { $module } could not be loaded: a library that it needs is missing. The vendor's software is probably not fully installed.
what-module-not-found = The driver file { $module } cannot be opened.
what-module-not-pkcs11 = The file { $module } is no PKCS#11 driver.
what-module-refused = The driver { $module } refused to { $operation }.
what-module-timed-out = The driver { $module } did not answer for { $seconds } seconds and was ended.
what-module-timed-out-in = The driver { $module } did not answer { $function } for { $seconds } seconds and was ended.
what-module-wrong-architecture = The driver { $module } is for { $found }; this program needs { $wanted }.
what-no-driver = No token driver was found on this computer.
what-no-driver-as-asked = No driver is as the URI after { -token-option } asks (module-path, module-name).
what-demo-library-missing = The software token's library { $name } is not beside the program, in { $folder }.
what-demo-not-prepared = The demonstration could not be prepared.
what-token-ambiguous = Several tokens fit: { $tokens }.
what-token-changed = The token, or what is on it, is no longer as it was when the plan was shown.
what-token-full = The token's memory is full.
what-token-in-use = Another program holds or has closed the session with the token.
what-token-in-use-by-another-run = Another run of this program is working with this token.
what-token-not-as-asked = No token is as { -token-option } asks. Plugged in: { $others }.
what-token-not-found = No token is plugged in. Drivers tried: { $drivers }.
what-token-not-initialized = The token is not initialised, or its PIN was never set.
what-token-refused-certificate = The token does not take the certificate.
what-token-removed = The token was pulled out, or can no longer be read.
what-token-write-protected = The token is write protected.
what-write-needs-security-officer = Only the security officer (SO) may write certificates on this token.
what-pin-control-character = The PIN has a control character (such as Tab or an arrow key).
what-pin-dialog-abandoned = You stopped while a PIN entry on the reader or in the driver's own window was open. Nothing was written to the token; a PIN try may have been used.
what-pin-dialog-cancelled = The PIN entry on the reader or in the driver's own window was cancelled.
what-pin-empty = No PIN was entered.
what-pin-expired = The PIN must be changed before it can be used.
what-pin-final-try = One try is left. The program does not go on unless told so.
what-pin-full-width = The PIN has a full-width character: the input method was on.
what-pin-locked = The token's PIN is locked.
what-pin-refused-now = The driver says that the PIN is locked, and the token itself does not. Some tokens take no PIN at all for a short time after a wrong one.
what-pin-tries-counted = The token does not tell how many tries are left, and { $count } logins from this computer have failed since the last success. One more wrong PIN may lock it. The program does not go on unless told so.
what-login-unclear = The driver refused the login and does not say why. It may have been a wrong PIN, and a try may have been used up.
what-pin-not-ascii = The PIN has a Vietnamese letter or another unusual character: the input method was on.
what-pin-not-given = No PIN came from { $source }.
what-pin-shape-refused = The token does not take the PIN because of its length or characters.
what-pin-is-text = What { $source } holds is not a PIN alone: it is a certificate, or it has more than one line.
what-pin-too-long = The PIN is longer than { $maximum } characters, the most that the token takes.
what-pin-too-short = The PIN is shorter than { $minimum } characters, the fewest that the token takes.
what-pin-wrong = The PIN is wrong. One try was used up.
what-backup-failed = The backup, the journal or the count of failed logins could not be written to { $place }.
what-backup-damaged = The backup { $file } is damaged.
what-backup-is-none = The file { $file } is no backup of this program.
what-backup-of-newer-program = The backup { $file } was written by a newer version of this program.
what-backup-other-key = This backup belongs to a key that is on no connected token.
what-lock-failed = The lock that keeps two runs of this program from working with one token at the same time could not be set: { $place }.
what-module-cannot-write = The driver { $module } only reads; it cannot write certificates to this token.
what-no-home = There is no folder for backups. Set CHUNGTHU_HOME.
what-removal-refused = The token does not let a certificate be removed.
what-change-not-stored = The driver said that it was done, but a look shows the token as it was.
what-look-not-as-planned = A last look shows something else on the token than planned.
what-seen-only-later = The first reading back did not show the certificate as it was written; a later look found it.
what-write-incomplete = The work stopped after the first write.
what-write-not-stored = The driver said that it wrote, but the certificate is not on the token when read back.
what-write-stored-differently = The certificate as read back differs from what was written.

## What to do

hint-allow-driver-time = If the token is only slow: allow the driver more time with driver_timeout in config.toml (docs/configuration.md).
hint-allow-expired = If it must be installed anyway (to read old mail, for instance), add { -allow-expired }.
hint-allow-final-try = If you are sure of the PIN, run it again with { -allow-final-try }.
hint-allow-not-yet-valid = If the clock is right and it should be installed early, add { -allow-not-yet-valid }; the old certificate is kept.
hint-allow-older = If an older certificate is really wanted, add { -allow-older }.
hint-ask-authority = Ask the CA, Cục Chứng thực số và Bảo mật thông tin (024.3773.8668, https://dichvucong.ca.gov.vn), through the managing agency.
hint-ask-it = If it still does not work, send this whole message to the office's IT officer.
hint-ask-managing-agency = Ask the managing agency, which sends the requests for certificates.
hint-ask-new-file = If the original file is no different, ask the managing agency to send the .cer file again.
hint-backup-at = The backup made before the write is { $backup }. Keep this file.
hint-build-soft-token = Run { -build-soft-token }, or copy that file beside the program.
hint-change-pin = Change the PIN with the token's own software, then run this again.
hint-check-clock = Check the computer's date and time.
hint-check-free-space = Check the free space and the write permission of that folder.
hint-download-list = Download the list of revoked certificates again, from the address in the certificate (chungthu show tells it).
hint-another-new-pin = Choose another PIN: at least 8 characters, with upper case, lower case and digits, without accents, not the old one.
hint-finish-unblocking = Finish what you are told on the telephone; do not unplug the token until then, nor open a program that uses it.
hint-try-new-pin-once = Unplug the token, plug it in, and log in once with the NEW PIN in the token's own software. If that is wrong, the OLD one is in force. Try no other.
hint-use-old-pin = Go on with the old PIN. What was just tried may count as a wrong PIN; log in once with the old one to set the counter back.
hint-check-path = Check the path and the permission to read the file.
hint-choose-slot = Tokens among these have the same serial, or none. Leave only the one that is meant plugged in, or choose it by its slot, which { -tokens } -v shows: { -token-option } pkcs11:slot-id=1
hint-choose-token = Choose one with { -token-option } and its serial.
hint-close-other-programs = Close other programs that use the token (signing programs, browsers, the token's own software).
hint-copy-uri = Copy a URI from { -tokens } -v or { -list } -v, and put it into quotation marks.
hint-correct-configuration = Correct that line or remove it. What may stand there: docs/configuration.md.
hint-count-tries = How the PIN stands now: { -tokens } -v
hint-did-you-mean = Did you mean: { $word }
hint-driver-look = Driver { $module }: { $problem }
hint-end-other-run = Let the other run come to its end, or close its window.
hint-end-recovery = If a remote unlock is under way, do not use the token until it is finished.
hint-failed-logins = { $count ->
    [one] This computer has seen 1 failed login to this token since the last success.
   *[other] This computer has seen { $count } failed logins to this token since the last success.
 }
hint-find-subscriber-file = Look for the .cer file with the subscriber's name, usually in the same mail or archive as this one. If there is none, ask the managing agency.
hint-give-one-file = Run it again with the one file that is meant: { -install } FILE.cer. Of an old and a new file of one person, that is the new one.
hint-install-driver = Install the software that came with the token (bit4id or SafeNet) or install it again, from https://dichvucong.ca.gov.vn.
hint-install-other-bitness = Install the 64-bit edition of the software that came with the token.
hint-list-token = See what is on the token with { -list }.
hint-move-private-key = Send this file to nobody, and ask whoever made it.
hint-name-driver = If you know where the driver file is, name it with { -module }.
hint-name-init-string = If this driver wants an init string (NSS does), put it into modules in the configuration file; see docs/configuration.md.
hint-no-more-tries = The program does not try again by itself. If you are not sure of the PIN, stop here: too many wrong PINs lock the token.
hint-other-backup = Choose another backup from the backup folder.
hint-install-plain-file = The old certificates also lie beside the backup as .cer files; each can be written back with { -install } FILE.cer { -allow-older }, with { -allow-expired } if it has expired.
hint-not-installed-by-hand = Do not install this certificate on this token by other means: signatures made with it may be useless.
hint-pin-from-elsewhere = Run it in a terminal, or use { -pin-source } (stdin, file:PATH, env:NAME, token).
hint-plug-in = Plug the token in, wait for its light, and run this again.
hint-plug-in-other = Plug in the token of the person or office named in the file.
hint-recovery-form = If the token is locked, or the PIN is forgotten: the managing agency requests a recovery (unlock) of the token with form Mẫu số 06 of Nghị định 68/2024/NĐ-CP (formerly Mẫu 11 and 12 of Thông tư 185/2019/TT-BQP).
hint-replug = Unplug the token, plug it in again, and run this again.
hint-report-problem = Tell the developers, with this whole message.
hint-remove-old-first = If the token is full, or takes no two certificates of one key: run again with { -remove-old-first }. Read the plan with care before you agree.
hint-restore-from =
    If it still fails, go back to how it was:
    { -restore } { $backup }
hint-save-from-official-mail = Take the original .cer file from the official mail or the document system again; do not open it with another program and save it.
hint-see-help = Help: { -help }
hint-show-file = See whose the file is with { -show } and the file's name.
hint-switch-input-method-off = Switch the Vietnamese input method (Unikey) off and check Caps Lock.
hint-try-again = Run the same command again: the program looks at what is on the token and does what is missing.
hint-wait-and-look = Wait one minute, then look with chungthu tokens. If the PIN is not shown as locked there, run this again once; if the answer is the same, take the PIN as locked.
hint-unpack-file = Open the archive and use the .cer file inside it.
hint-use-force = Add { -force } to write over it, or choose another name.
hint-use-pem = See all of them with { -show } and the file's name; { -pem } prints every one.
hint-use-yes = Run it in a terminal, or add { -yes } once you have seen the plan with { -dry-run }.
hint-use-yes-to-forget = Run it in a terminal, or add { -yes }.
hint-wait-for-killed-run = Its window was closed or it was killed; what it was doing on the token ends in ten seconds at the latest.

## Help

help-about = chungthu: puts a renewed or changed certificate onto the government CA token (USB token) an office already has.
help-heading-usage = Usage:
help-heading-commands = Commands
help-heading-own = Arguments and options
help-heading-common = Options of every command
help-usage-chungthu =
    chungthu COMMAND [OPTIONS]
           chungthu FILE.cer
help-after-chungthu = No token at hand? Try: chungthu demo
help-command-install = Put the certificate in a file onto the token that holds its key
help-usage-install = chungthu install [OPTIONS] FILE...
help-after-install = The program finds the token and the key by itself, shows the plan, asks, and asks for the PIN once. It never touches a key.
help-install-files = The .cer or .p7b files that the authority sent, or folders of them; of several, the one for the token plugged in is taken; - is standard input
help-install-dry-run = Only show the plan: no PIN, no write
help-install-keep-old = Do not remove the old certificate
help-install-remove-old-first = If nothing else helps, remove the old certificate before writing (full token)
help-install-allow-final-try = Log in although one try is left
help-install-allow-expired = Install a certificate that has expired
help-install-allow-older = Install although the token has a newer one
help-install-allow-not-yet-valid = Install a certificate that is not valid yet; keeps the old one
help-command-restore = Bring a token back to a backed-up state
help-usage-restore = chungthu restore [OPTIONS] BACKUP
help-after-restore = A backup is written before every install. A file name without a path is looked for in the backup folder. What is there now is backed up first.
help-restore-backup = The backup's .json file
help-restore-dry-run = Only show the plan; no PIN, nothing written
help-restore-keep-new = Keep the present certificates too
help-restore-remove-old-first = If nothing else helps, remove a present certificate before writing back
help-restore-allow-final-try = Log in although one PIN try is left
help-command-tokens = Drivers, tokens plugged in, state of the PIN
help-usage-tokens = chungthu tokens [OPTIONS]
help-after-tokens = Needs no PIN. Add -v to see where drivers were looked for.
help-command-list = Keys and certificates on a token
help-usage-list = chungthu list [OPTIONS]
help-after-list = Needs no PIN. Private keys usually show only after a login; this command does not log in.
help-command-show = Explain certificate files
help-usage-show = chungthu show [OPTIONS] FILE...
help-after-show = Needs no token. Certificates of certification authorities are read too.
help-show-files = Certificate files, one or more
help-show-on-token = Show the certificates on the token, without a PIN
help-show-diff = Compare two certificates: what has changed
help-show-der = Also write the certificate to this file, as DER
help-show-pem = Print PEM instead of the explanation
help-show-force = Write over a file that is there
help-command-health = The state of token, keys, certificates and PIN, and what to do
help-usage-health = chungthu health [OPTIONS]
help-after-health = Needs no PIN but for the trial signature. Exit status 0 is good, 1 means that something is to be done.
help-health-all = Look at every token that is plugged in
help-health-sign-test = Try a signature with the key on the token (asks for the PIN once)
help-health-allow-final-try = Log in even if one try is left for the PIN
help-command-pin = Change the PIN; unblock it, or learn who can
help-usage-pin = chungthu pin change|unblock [OPTIONS]
help-after-pin = Each run tries one PIN exactly once. Keys and certificates are not touched.
help-pin-action = change: another PIN; unblock: open a locked one
help-pin-new-pin-source = Where the new PIN comes from: as --pin-source, and another place
help-pin-so-pin-source = Where the security officer's PIN comes from; without it unblock only explains
help-pin-allow-final-try = Try even if one try is left
help-command-history = What was done on this computer
help-usage-history = chungthu history [OPTIONS]
help-after-history = Needs no driver, token or PIN. Add --token to see one token only.
help-history-forget = Remove the history; backups and journals stay
help-command-demo = Show the install on a software token
help-usage-demo = chungthu demo [OPTIONS]
help-after-demo = Needs no token and asks nothing.
help-option-lang = Language: vi (default) or en
help-option-json = Print the result as JSON on standard output
help-option-module = PKCS#11 driver file; can be given several times
help-option-token = Token: serial, label or pkcs11: URI, when several are plugged in
help-option-pin-source = Where the PIN comes from: prompt, stdin, file:PATH, env:NAME, token
help-option-ca = File or folder of CA certificates; can be given several times
help-option-crl = File or folder of lists of revoked certificates (CRL); can be repeated
help-option-yes = Do not ask before the write
help-option-color = Colour: auto, always, never
help-option-quiet = Print only the result, questions, warnings and errors
help-option-verbose = Also print what was tried
help-option-log-file = Write a technical log to this file; it never holds a PIN
help-option-now = Judge by this date instead of the clock, as 2026-11-23T00:00:00Z
help-option-help = Print this help
help-option-version = Print the version
help-value-action = ACTION
help-value-language = LANGUAGE
help-value-path = PATH
help-value-which = WHICH
help-value-source = SOURCE
help-value-when = WHEN
help-value-date = DATE
help-value-file = FILE
help-value-backup = BACKUP

## health: one sentence for each finding, and what to do
health-heading = Health of the token “{ $label }” (serial { $serial })
health-heading-nameless = Health of a token without a name
health-verdict = Verdict
health-verdict-good = GOOD. There is nothing to do.
health-verdict-attention = ATTENTION. { $count ->
    [one] One thing should be done, see below.
   *[other] { $count } things should be done, see below.
}
health-verdict-problem = PROBLEM. { $count ->
    [one] One thing has to be dealt with, see below.
   *[other] { $count } things have to be dealt with, see below.
}
health-errors-heading = Has to be dealt with
health-warnings-heading = Should be done
health-notes-heading = Good to know
health-passed-heading = Looked at and good
health-next = To do
health-and-more = and { $count } more of the same kind; --json shows all
health-not-told = (not told)
health-no-sign-test = No signature was tried. To be sure that key and PIN work, run with { -sign-test } (asks for the PIN once).
health-key-name = key { $kind } { $bits } bits
health-key-name-silent = key that does not tell its kind
health-object-name = object number { $number }
health-name-with-serial = { $name } (serial { $serial })
-sign-test = --sign-test

finding-driver-answers = The driver { $name } { $version } works.
finding-driver-slow = The driver takes very long to start ({ $milliseconds } ms).
finding-driver-slow-next = If the signing program says that there is no token, wait a minute and open it again. If that does not help, install the token's driver again.
finding-driver-nameless = The driver does not tell its name and version.
finding-driver-ends-badly = The driver fails when it ends ({ $problem }). The results here are not affected.
finding-token-answers = The token “{ $label }” answers (model { $model }, made by { $manufacturer }).
finding-token-serial-note = The serial read from the token is { $serial }. The number printed on the case may be another.
finding-token-serial-note-next = When a form asks for the device's serial, compare it with the number on the case and in the handover minutes.
finding-token-no-serial = The token tells no serial, so that it cannot be told from others of its kind.
finding-token-no-serial-next = Plug in one token at a time. In forms use the number on the case.
finding-token-not-initialized = The token is not initialised and cannot be used yet.
finding-token-not-initialized-next = Do not initialise it yourself. Issued tokens come initialised; tell the managing agency.
finding-token-is-store = This is a store of CA certificates on this computer, not a person's or an office's token.
finding-token-write-protected = The token can only be read: no new certificate can be installed with this driver.
finding-token-write-protected-next = When a new certificate has to be installed, install the token maker's driver (bit4id or SafeNet) and look again.
finding-token-memory = { $free } bytes of memory are free, enough for another certificate.
finding-token-memory-low = Only { $free } bytes of memory are free, which may be too little for a new certificate.
finding-token-memory-low-next = Remove nothing yourself. Should the token say that it is full when the new certificate is installed, the program will tell the safe way.
finding-token-unreadable = What is on the token could not be read: { $problem } ({ $function }, { $return_value }).
finding-token-unreadable-next = Unplug the token, plug it in and look again. If that does not help, run { -doctor } and send the report to the IT officer.
-doctor = chungthu doctor
finding-token-shows-nothing = Without the PIN the token shows neither a key nor a certificate.
finding-token-shows-nothing-next = Run chungthu list --login to look behind the login. If it stays empty, no certificate was issued on this token, or it was wiped; tell the managing agency.

finding-pin-ready = The token reports no wrong PIN (some kinds never report one).
finding-pin-low = A wrong PIN was entered at least once.
finding-pin-low-next = Switch the Vietnamese input method off, and enter the PIN only when you are sure of it. The right one sets the counter back.
finding-pin-final-try = One try is left for the PIN. A wrong one locks the token.
finding-pin-final-try-next = Do not guess. Find the right PIN first; if it is lost, ask the managing agency before the token is locked.
finding-pin-locked = The PIN is locked: the token cannot sign now. The private key and the certificate are still on it.
finding-pin-locked-next = The managing agency asks for the recovery of the device with form { $form } of Decree 68/2024/ND-CP (before it forms { $form_before } of Circular 185/2019/TT-BQP). Do not initialise the token again, and do not use it while somebody guides you through the unlocking by telephone.
finding-pin-to-be-changed = The token wants another PIN before it is used.
finding-pin-to-be-changed-next = Change the PIN with chungthu pin change.
finding-pin-not-set = The token has no user PIN yet.
finding-pin-not-set-next = Ask whoever handed the token over; do not set a PIN with another program.
finding-pin-failed-logins = { $count ->
    [one] One login from this computer failed
   *[other] { $count } logins from this computer failed
} since the last that succeeded.
finding-pin-failed-logins-next = Enter the PIN only when you are sure of it. If you have logged in with another program since, all is well.
finding-pin-not-reported = This driver does not report those wrong PINs. Do not trust that all tries are left.
finding-pin-record-unreadable = This computer's record of failed logins cannot be read.
finding-pin-record-unreadable-next = Run { -doctor } to learn which file is damaged.
finding-pin-on-reader = The PIN is typed on the reader or in the driver's own window.

finding-key-found = There is a { $name }.
finding-keys-hidden = Private keys show only after the PIN; that is as it should be.
finding-key-weak = The { $name } is too short for today.
finding-key-weak-next = Ask for a new certificate with a new key; a renewal does not change the key.
finding-key-extractable = The { $name } can be taken off the token. The key of a proper signing token cannot.
finding-key-extractable-next = Tell whoever issued the token. If this is a software token for trying things out, all is well.
finding-key-always-authenticate = The { $name } wants the PIN for each signature.
finding-key-not-for-signing = The { $name } does not sign; usually such a key is for encryption.
finding-key-without-certificate = No certificate on the token belongs to the { $name }.
finding-key-without-certificate-next = If you have the CA's .cer file for it, install that with chungthu install. Do not remove the key.
finding-keys-share-id = { $count } keys have one key id; other programs may take the wrong one.
finding-keys-share-id-next = If a signing program takes the wrong key, tell whoever issued the token. chungthu matches by content and is not affected.
finding-key-without-id = The { $name } has no key id; other programs may not find its certificate.
finding-key-without-id-next = If a signing program does not see the certificate, tell whoever issued the token.

finding-certificate-valid = The certificate of { $name } has { $days_left ->
    [one] one day
   *[other] { $days_left } days
} left, until { $not_after }.
finding-certificate-ends-soon = The certificate of { $name } has only { $days_left ->
    [one] one day
   *[other] { $days_left } days
} left, until { $not_after }.
finding-certificate-ends-soon-next = Prepare the request for a renewal or a new certificate now.
finding-certificate-expired = The certificate of { $name } expired { $days_ago ->
    [0] today
    [one] yesterday
   *[other] { $days_ago } days ago
} ({ $not_after }), and there is no newer one for its key.
finding-certificate-expired-next = If you have received the new .cer file, install it with chungthu install. If not: it can no longer be renewed; ask for a new certificate with form { $form_person } (person) or { $form_agency } (agency) of Decree 68/2024/ND-CP (before it forms { $form_person_before } or { $form_agency_before }).
finding-certificate-expired-left = The old certificate of { $name } (expired { $not_after }) is still beside the new one.
finding-certificate-not-yet-valid = The certificate of { $name } becomes valid only on { $not_before }; today is { $today }, says this computer.
finding-certificate-not-yet-valid-next = Check this computer's date. If it is right, wait until that day.
finding-certificate-without-key = The private key for the certificate of { $name } is not on this token, so nothing can be signed with it.
finding-certificate-without-key-next = Its key is probably on another token. Plug that one in and look; do not remove this certificate before you know.
finding-certificate-key-unknown = Without the PIN it cannot be seen whether the key for the certificate of { $name } is on the token.
finding-certificate-duplicate = The certificate of { $name } is there { $count } times, byte for byte; other programs show it as often.
finding-certificate-duplicate-next = There is no hurry. Installing the same .cer file with chungthu install removes the copies.
finding-certificates-share-key = { $name } has { $count } valid certificates; signing programs, browsers and Adobe Reader may take the old one.
finding-certificates-share-key-next = Install the newest .cer file with chungthu install to take the old one off (it is backed up), then choose the certificate again in VGCASignService and in the document system.
finding-certificate-id-differs = The certificate of { $name } does not have its key's id; many programs will say that there is no private key.
finding-certificate-id-differs-next = Install the same .cer file with chungthu install: it sets the right id.
finding-certificate-subject-differs = The subject stored beside the certificate of { $name } is not the one inside it; programs that search by name do not find it.
finding-certificate-subject-differs-next = If a signing program does not see the certificate, install the .cer file again with chungthu install.
finding-certificate-for-encryption = The certificate of { $name } is for encryption, its name ends in “(M)”; signing programs pass it over.
finding-certificate-not-for-signing = The certificate of { $name } does not name digital signatures as its purpose (only: { $key_usage }); some programs refuse it.
finding-certificate-not-for-signing-next = If a signing program refuses this certificate, ask for a new one.
finding-certificate-weak-signature = The CA signed the certificate of { $name } with an old algorithm ({ $algorithm }); browsers and Adobe Reader may warn.
finding-certificate-weak-signature-next = The office can still sign. When it ends, a certificate of the second generation (G2) will replace it.
finding-certificate-weak-key = The { $type } key of { $bits } bits in the certificate of { $name } is too short for today.
finding-certificate-weak-key-next = Ask for a new certificate with a new key; a renewal does not change the key.
finding-authority-on-token = The CA certificate of { $name } is on the token; that does no harm.
finding-authorities-on-token = { $count } CA certificates are on the token; that does no harm.
finding-object-unreadable = An object of { $bytes } bytes says that it is a certificate and cannot be read.
finding-object-unreadable-next = It may be what an interrupted install left. Do not remove it with another program; send the report of { -doctor } to the IT officer.

finding-issuer-government = The certificate of { $name } is from the government CA (generation { $generation }), verified up to { $anchor }.
finding-issuer-trusted = The CA's signature on the certificate of { $name } is right, verified up to { $anchor } ({ $trusted_by ->
    [given] a certificate that was given
   *[system] which this computer trusts
}).
finding-issuer-not-checked = The certificate of { $name } says that it is from the government CA (generation { $generation }); that could not be verified, the CA certificate of { $missing } is missing.
finding-issuer-not-checked-next = To verify it, download the CA certificates from ca.gov.vn and add --ca FILE.
finding-issuer-unknown = The certificate of { $name } is from another CA: { $issuer }. The government CA's rules for renewals do not apply to it.
finding-issuer-bad-signature = The CA's signature on the certificate of { $name } is WRONG: the certificate was changed or forged.
finding-issuer-bad-signature-next = Do not use this certificate. Ask the CA for the .cer file again and tell the managing agency.
finding-chain-problem = There is something about the chain of { $name } at { $authority }: { $problem ->
    [weak-signature] it was signed with an old algorithm (SHA-1)
    [expired] that authority has expired
    [not-yet-valid] that authority is not valid yet
    [path-length] there are more authorities below it than it allows
    [critical-extension] it has a binding condition that this program does not know
    [revoked] that authority was revoked
   *[issuer-may-not-sign] it was signed by a certificate that may issue none
}.
finding-chain-problem-next = Other programs may refuse the signature. Ask the CA, or bring this computer's CA certificates up to date.
finding-issuer-ends = The first generation (G1) of the CA that issued the certificate of { $name } ends on { $not_after }; from then on no G1 certificate can be used.
finding-issuer-ends-next = Before that day ask for a certificate of the second generation (G2).
finding-issuer-ends-before = The CA's own certificate ends on { $issuer_not_after }, before that of { $name } ({ $not_after }); it can be used only until the CA's end.
finding-issuer-ends-before-next = Put the CA's end into the office's register and ask for a new certificate before it.

finding-revocation-good = The certificate of { $name } is not on the list of revoked certificates (the list is good until { $next_update }).
finding-certificate-revoked = The certificate of { $name } IS REVOKED since { $date } (reason: { $reason ->
    [key-compromise] key compromised
    [ca-compromise] CA's key compromised
    [affiliation-changed] information or affiliation changed
    [superseded] replaced by another certificate
    [cessation-of-operation] no longer used
    [certificate-hold] on hold
    [privilege-withdrawn] privilege withdrawn
   *[unspecified] not told
}).
finding-certificate-revoked-next = Sign nothing with this certificate. Hand the token back with the minutes of form { $form } of Decree 68/2024/ND-CP (before it form { $form_before }), or ask the managing agency if nobody knows why it was revoked.
finding-revocation-list-unusable = The list of revoked certificates that was given does not decide about the certificate of { $name }: { $problem ->
    [stale] it is out of date since { $next_update }
    [not-yet-valid] it is not valid yet
    [bad-signature] its signature is wrong
    [other-issuer] it is another CA's
   *[unsupported] it is of a kind that the program does not read
}.
finding-revocation-list-unusable-next = Download the newest list from the address in the certificate and run again with --crl FILE.

finding-renewal-open = A renewal of the certificate of { $name } can be asked for until the end of { $until } (at least { $days_needed } days must be left).
finding-renewal-open-next = When it is time: form { $form } of Decree 68/2024/ND-CP (before it forms { $form_before } of Circular 185/2019/TT-BQP), filed by the managing agency. The condition is from Decree 130/2018/ND-CP, article 63.1; compare Decree 68/2024/ND-CP, article 12.
finding-renewal-now = The certificate of { $name } ends soon: { $days ->
    [0] today is the last day
    [one] one day is left
   *[other] only { $days } days are left
}, until the end of { $until }, to ask for a renewal.
finding-renewal-now-next = Ask for the renewal now: form { $form } of Decree 68/2024/ND-CP (before it forms { $form_before } of Circular 185/2019/TT-BQP), filed by the managing agency. That at least { $days_needed } days must be left is from Decree 130/2018/ND-CP, article 63.1; compare Decree 68/2024/ND-CP, article 12.
finding-renewal-too-late = The certificate of { $name } has only { $days_left ->
    [one] one day
   *[other] { $days_left } days
} left; a renewal needs at least { $days_needed }, so that it is probably too late.
finding-renewal-too-late-next = Ask for a new certificate: form { $form_person } (person) or { $form_agency } (agency) of Decree 68/2024/ND-CP (before it forms { $form_person_before } or { $form_agency_before }). The limit of { $days_needed } days is from Decree 130/2018/ND-CP, article 63.1; ask where you file whether Decree 68/2024/ND-CP, article 12 keeps it.
finding-renewal-used = The certificate of { $name } { $because ->
    [history] was renewed once (this computer installed the renewal)
    [both-on-token] was probably renewed once (the one before it, of the same key, is still on the token)
   *[validity] was probably renewed once (its whole validity is only { $days_of_validity } days)
}; a certificate can be renewed only once.
finding-renewal-used-next = Some months before its end ask for a new one: form { $form_person } (person) or { $form_agency } (agency) of Decree 68/2024/ND-CP (before it forms { $form_person_before } or { $form_agency_before }). The rule is from Decree 130/2018/ND-CP, article 63.1; compare Decree 68/2024/ND-CP, article 12.

finding-sign-test-passed = A signature was tried: the { $name } signs, and the certificate verifies it.
finding-sign-test-failed = The trial signature with the { $name } failed: { $problem ->
    [not-signed] the token did not sign ({ $answer })
    [wrong-key] the signature does not fit the certificate
    [no-random] the computer gave no random numbers
   *[unsupported-key] the program cannot verify with this kind of key
}.
finding-sign-test-failed-next = Unplug the token, plug it in and try once more. If that does not help, the token may be broken; tell the managing agency.

## the chain, lists of revoked certificates
chain-label = Chain
chain-end-government = truly of the government CA
chain-end-given = trusted by a CA certificate that was given
chain-end-system = this computer trusts it
chain-end-self-signed = a root that nobody vouches for
chain-end-incomplete = not whole: the certificate of { $missing } is missing
chain-end-bad-signature = the signature of { $by } is wrong
chain-problem-label = To be noted
chain-problem-weak-signature = the certificate of { $name } was signed with an old algorithm (SHA-1)
chain-problem-expired = the authority { $name } has expired
chain-problem-not-yet-valid = the authority { $name } is not valid yet
chain-problem-ends-before = the authority { $name } ends before this certificate
chain-problem-path-length = there are more authorities below { $name } than it allows
chain-problem-critical-extension = the certificate of { $name } has a binding condition that this program does not know ({ $oid })
chain-problem-issuer-may-not-sign = the certificate of { $name } was signed by one that may issue none
chain-revocation-label = Revocation
chain-revocation-good = not on the list of revoked certificates (the list is good until { $next_update })
chain-revocation-good-endless = not on the list of revoked certificates
chain-revoked = REVOKED since { $date } (reason: { $reason ->
    [key-compromise] key compromised
    [ca-compromise] CA's key compromised
    [affiliation-changed] information or affiliation changed
    [superseded] replaced by another certificate
    [cessation-of-operation] no longer used
    [certificate-hold] on hold
    [privilege-withdrawn] privilege withdrawn
   *[unspecified] not told
})
chain-revocation-stale = not known: the list is out of date since { $next_update }
chain-revocation-not-yet-valid = not known: the list is not valid yet
chain-revocation-bad-signature = not known: the list's signature is wrong
chain-revocation-other-issuer = not known: the lists are of other CAs
chain-revocation-unsupported = not known: the list could not be checked (the CA certificate is missing, or the list is of a kind that the program does not read)

## pin
pin-step = Changing the PIN, then logging in with the new one through a program of its own
pin-changed = The PIN was changed.
pin-unblocked = The token was unblocked and has a new PIN.
pin-verified = A login with the new PIN was tried, and the token takes it. Keys and certificates are as they were.
pin-not-verified = A login with the new PIN could not be tried. Keys and certificates are as they were.
pin-keep-it = Keep the PIN as you keep the office's seal: not written on the token, not given to others. The program stores no PIN.
pin-other-programs = If a signing program has stored the old PIN, change it there now: a program that tries the old one by itself may lock the token.
pin-explain-heading = Unlocking (recovery) of a token
pin-explain-who = A locked token of the government CA can be unlocked by the CA only (Decree 68/2024/ND-CP, article 22). Its private key and certificate are still there. This command has touched no token.
pin-explain-stop = Try no more PINs, and do not initialise the token: that would erase the key.
pin-explain-form = The managing agency asks for the recovery with form 06 of Decree 68/2024/ND-CP (before it forms 11 and 12 of Circular 185/2019/TT-BQP). The token's serial: chungthu tokens, without a PIN.
pin-explain-where = It goes to the Authority of Digital Authentication and Information Security (Cục Chứng thực số và Bảo mật thông tin), or to the Department of Science and Technology where that may do it (by province).
pin-explain-telephone = The CA telephones the coordinator and guides the unlocking. From then until it is done use the token for nothing else, this program included.
pin-explain-after = When it is done set a new PIN, and look with chungthu health.
pin-explain-officer = For a token of somebody else whose security officer's PIN the office has, run again with --so-pin-source prompt.
