### chungthu: lời văn tiếng Việt. Thuật ngữ: docs/glossary.md. Cùng mã, cùng thứ tự với en.ftl.

## Những gì gõ trên bàn phím, không dịch

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

## Từ dùng chung

cancelled = Đã dừng theo yêu cầu.
failed = Không thực hiện được.
refused = Chương trình đã từ chối.
stopped-at = Dừng ở bước
to-do = Việc cần làm
token = Thiết bị
token-name = “{ $label }”, số hiệu { $serial }
certificate-name = “{ $holder }”, số hiệu { $serial }, hết hạn { $not_after }
token-state = Tình trạng thiết bị
warning = Lưu ý
operation-log-in = đăng nhập bằng mã PIN
operation-look = xem thông tin thiết bị
operation-open = mở thiết bị
operation-read = đọc dữ liệu trên thiết bị
operation-set-pin = đặt mã PIN mới
operation-sign = ký thử bằng khóa bí mật
operation-start = khởi động trình điều khiển
pin-count-low = gần đây đã có lần nhập sai
pin-failed-logins = { $count } lần đăng nhập hỏng từ máy này kể từ lần đúng gần nhất
pin-final-try = chỉ còn một lần nhập, sai là khóa
pin-locked = đã bị khóa
pin-not-set = chưa đặt
pin-ready = bình thường
pin-to-be-changed = phải đổi trước khi dùng
press-enter = Nhấn Enter để đóng cửa sổ.

## Việc cần làm sau khi cài đặt

follow-replug = Rút thiết bị ra rồi cắm lại, để Windows và các phần mềm đọc lại chứng thư.
follow-windows-store = Trên Windows, mở certmgr.msc, mục Personal, xóa bản chứng thư không còn trên thiết bị, nếu có.
follow-signing-programs = Chọn lại chứng thư trong VGCASignService, hệ thống quản lý văn bản và các phần mềm ký số khác.
follow-portals = Đăng ký số hiệu chứng thư mới { $serial } với cổng thuế điện tử, kho bạc, bảo hiểm xã hội và mạng đấu thầu quốc gia, nếu cơ quan có dùng.
follow-portals-restored = Kiểm tra cổng thuế điện tử, kho bạc, bảo hiểm xã hội và mạng đấu thầu quốc gia mà cơ quan dùng có đăng ký đúng số hiệu { $serial } hay không.
follow-register = Cập nhật sổ theo dõi chứng thư số của cơ quan.

## Cài đặt

install-file-heading = Tệp chứng thư số
install-token-heading = Thiết bị lưu khóa bí mật
install-plan-heading = Sẽ làm những việc sau
install-plan-again-heading = Sau khi đăng nhập thấy thêm dữ liệu; kế hoạch nay là
install-steps-heading = Đang thực hiện
install-done-heading = Đã cài đặt chứng thư số mới.
install-dry-run-heading = Chạy thử
install-nothing-to-do-heading = Không có việc gì phải làm.
install-follow-heading = Việc cần làm tiếp
install-on-token-heading = Chứng thư của khóa này trên thiết bị
install-looking-at-tokens = Đang tìm thiết bị giữ khóa của chứng thư này…
install-looking-for-one-of = Có { $count } chứng thư. Đang tìm thiết bị giữ khóa của một trong số đó…
install-for-another-token = Một chứng thư là của thiết bị này. Còn { $count } chứng thư là của thiết bị khác, không dùng ở đây: { $files }
install-token-label = Tên thiết bị
install-token-serial = Số hiệu thiết bị
install-token-model = Loại
install-token-driver = Trình điều khiển
install-token-pin = Mã PIN
install-key-matched = Khóa trên thiết bị đúng là khóa của chứng thư trong tệp.
install-key-hidden = Thiết bị chưa cho xem khóa khi chưa đăng nhập. Sẽ kiểm tra ngay sau khi nhập mã PIN, trước khi ghi bất cứ gì.
install-change-label = Loại thay đổi
install-change-first = chứng thư đầu tiên của khóa này
install-change-renewal = gia hạn
install-change-information = thay đổi thông tin
install-change-renewal-and-information = gia hạn và thay đổi thông tin
install-change-older = chứng thư cũ hơn của cùng khóa
install-change-reissue = cấp lại, cùng thông tin và cùng thời hạn
install-changed-heading = Khác với chứng thư đang có:
install-changed-field = { $field }: { $old } → { $new }
install-changed-nothing = Không có thông tin nào khác với chứng thư đang có, ngoài những mục kỹ thuật.
install-plan-login = Đăng nhập một lần bằng mã PIN và ký thử để chắc chắn đúng khóa.
install-plan-prove = Ký thử để chắc chắn đúng khóa. Đã đăng nhập, không hỏi lại mã PIN.
install-plan-prove-with-login = Khóa này đòi mã PIN cho mỗi lần ký: gửi lại một lần mã PIN đã nhập và ký thử một lần. Không hỏi lại mã PIN.
install-plan-no-proof = Khóa này không được phép ký (khóa mã hóa). Đối chiếu khóa công khai trên thiết bị với chứng thư, không ký thử.
install-plan-backup = Ghi biên bản sao lưu vào { $folder }. Khóa này chưa có chứng thư nào.
install-plan-backup-old = Sao lưu { $count } chứng thư đang có vào { $folder }.
install-plan-add = Ghi chứng thư mới, số hiệu { $serial }, hết hạn { $not_after }.
install-plan-already-there = Chứng thư mới đã có trên thiết bị, không ghi lại.
install-plan-refile = Lần chạy trước dừng giữa chừng, để chứng thư mới ở mã định danh tạm. Đổi sang mã định danh của khóa: số hiệu { $serial }, hết hạn { $not_after }.
install-plan-verify = Đọc lại chứng thư vừa ghi bằng một chương trình đọc riêng và ký thử lần nữa.
install-plan-verify-bytes = Đọc lại chứng thư vừa ghi bằng một chương trình đọc riêng, đối chiếu từng byte và đối chiếu khóa.
install-plan-remove = Chỉ sau đó mới xóa chứng thư cũ, số hiệu { $serial }, hết hạn { $not_after }.
install-plan-remove-copy = Chỉ sau đó mới xóa bản trùng của chứng thư mới, số hiệu { $serial }, hết hạn { $not_after }.
install-plan-clear-away = Xóa { $count } đối tượng ghi dở do lần chạy bị ngắt giữa chừng để lại.
install-plan-keep = Giữ lại chứng thư cũ, số hiệu { $serial }, hết hạn { $not_after }.
install-plan-key-untouched = Số thao tác làm thay đổi dữ liệu trên thiết bị: { $count }. Khóa bí mật được giữ nguyên.
install-plan-driver-may-replace = Một số trình điều khiển tự thay chứng thư đang có ngay khi ghi chứng thư khác. Khi đó vẫn đưa lại được từ bản sao lưu.
install-plan-fallback-aside = Nếu thiết bị không nhận hai chứng thư cùng mã định danh khóa: ghi ở mã tạm rồi đổi mã, tổng cộng { $count } thao tác.
install-plan-fallback-old-last = Vẫn chỉ xóa chứng thư đang có sau cùng.
install-plan-fallback-remove-first = Nếu thiết bị vẫn không nhận: xóa chứng thư đang có trước rồi mới ghi, theo { -remove-old-first }. Trong khoảng giữa, thiết bị không có chứng thư nào của khóa này; đường quay lại là bản sao lưu. Nếu vẫn không ghi được, chương trình thử ghi lại chứng thư vừa xóa; thiết bị từ chối mọi lần ghi thì cũng từ chối lần đó.
install-plan-fallback-none = Nếu thiết bị vẫn không nhận: dừng, chứng thư đang có giữ nguyên.
install-plan-elsewhere = (Nằm ở mã định danh khác: { $id }.)
install-plan-look-again = Phải đăng nhập mới biết còn việc gì phải làm hay không. Nếu còn, kế hoạch sẽ được hỏi lại trước khi ghi. Khóa bí mật được giữ nguyên.
install-plan-unknown-until-login = Thiết bị giấu dữ liệu khi chưa đăng nhập. Nếu sau khi đăng nhập thấy thêm chứng thư cũ, kế hoạch sẽ được hỏi lại trước khi ghi. Khóa bí mật được giữ nguyên.
install-warning-chain = Chuỗi chứng thực: { $problem }. Phần mềm khác có thể từ chối.
install-warning-revocation = Chứng thư này: { $answer }. Nếu đã bị thu hồi thì không ký được; hãy hỏi nơi cấp trước khi cài.
install-warning-authority-revoked = Nơi cấp { $authority }: { $answer }. Hãy hỏi nơi cấp trước khi cài.
install-warning-issuer-unknown = Chưa kiểm tra được chữ ký của nơi cấp vì không có chứng thư của nơi cấp. Có thể đưa tệp đó vào bằng { -ca }.
install-warning-pin-count-low = Gần đây đã có lần nhập sai mã PIN trên thiết bị này. Nhập thật cẩn thận: sai quá số lần quy định, thiết bị bị khóa.
install-warning-pin-final-try = Chỉ còn một lần nhập mã PIN. Nhập sai là thiết bị bị khóa và phải đề nghị khôi phục.
install-warning-pin-tries-counted = Máy này đã ghi nhận { $count } lần đăng nhập hỏng vào thiết bị kể từ lần đúng gần nhất. Nhập thật cẩn thận: sai quá số lần quy định, thiết bị bị khóa.
install-warning-expired = Chứng thư trong tệp đã hết hạn ngày { $not_after }.
install-warning-not-yet-valid = Chứng thư trong tệp đến { $not_before } mới có hiệu lực.
install-warning-older = Trên thiết bị đã có chứng thư mới hơn chứng thư trong tệp.
install-warning-old-kept = Thiết bị sẽ có nhiều chứng thư của cùng một khóa. Một số phần mềm có thể chọn nhầm.
install-warning-old-not-kept = Trình điều khiển không giữ chứng thư có trước đó, dù đã yêu cầu giữ. Chứng thư đó nằm trong bản sao lưu.
install-warning-foreign = Có một chứng thư của khóa khác mang cùng mã định danh khóa: { $subject }. Chương trình không động đến chứng thư đó, và sao lưu nó trước khi ghi, vì có trình điều khiển ghi đè lên nó.
install-warning-foreign-unreadable = Có một đối tượng không đọc được mang cùng mã định danh khóa. Chương trình không động đến đối tượng đó, và sao lưu nó trước khi ghi, vì có trình điều khiển ghi đè lên nó.
install-warning-foreign-lost = Trình điều khiển đã ghi chứng thư mới đè lên chứng thư của một khóa khác: { $subject }. Chứng thư đó không còn trên thiết bị. Nếu khóa kia còn dùng, cài lại chứng thư đó từ tệp .cer của nó trong thư mục sao lưu: { -install } TỆP.cer
install-warning-foreign-lost-unreadable = Trình điều khiển đã ghi chứng thư mới đè lên một đối tượng không đọc được thành chứng thư. Đối tượng đó không còn trên thiết bị; nội dung của nó nằm trong một tệp .cer ở thư mục sao lưu. Nếu thấy thiếu gì trên thiết bị, đưa tệp đó cho cán bộ công nghệ thông tin của cơ quan.
install-warning-key-not-seen = Chứng thư đã có trên thiết bị, nhưng khóa bị giấu khi chưa đăng nhập nên chưa kiểm tra được chứng thư có đi cùng khóa hay không.
install-warning-possession-not-proved = Khóa này không được phép ký nên không ký thử được. Khóa công khai của nó đúng là khóa trong chứng thư.
install-warning-several-old = Khóa này đang có { $count } chứng thư cũ.
install-warning-renewed-before = Theo lịch sử trên máy này, khóa này đã được gia hạn: chứng thư số hiệu { $serial } đã được cài ngày { $date }. Khoản 1 Điều 63 Nghị định 130/2018/NĐ-CP chỉ cho đề nghị gia hạn 01 lần; hãy đối chiếu Điều 12 Nghị định 68/2024/NĐ-CP đang có hiệu lực. Chương trình vẫn cài được; nếu chưa rõ, hỏi cơ quan quản lý trực tiếp.
install-warning-backup-of-other-token = Bản sao lưu này được lấy từ một thiết bị khác có cùng khóa, số hiệu thiết bị { $serial }.
install-warning-history-not-kept = Không ghi được việc này vào lịch sử trên máy, tệp { $place }: { $detail }. Những gì đã làm trên thiết bị không bị ảnh hưởng.
install-warning-driver = Không dùng được trình điều khiển { $module }: { $problem }
install-step-prove-before = Ký thử bằng khóa trên thiết bị
install-step-back-up = Sao lưu chứng thư đang có
install-step-add = Ghi chứng thư mới
install-step-add-aside = Ghi chứng thư mới ở mã định danh tạm
install-step-set-id = Đổi sang mã định danh của khóa
install-step-remove-first = Xóa một chứng thư để lấy chỗ
install-step-put-back = Ghi lại chứng thư vừa xóa
install-step-clean-up = Dọn phần ghi dở
install-step-read-back = Đọc lại chứng thư
install-step-prove-after = Ký thử và đối chiếu với chứng thư vừa đọc lại
install-step-remove = Xóa chứng thư cũ
install-step-last-look = Kiểm tra lần cuối
install-step-log-in = Đăng nhập
install-on-token-new = mới: số hiệu { $serial }, hết hạn { $not_after }
install-on-token-old = cũ, còn trên thiết bị: số hiệu { $serial }, hết hạn { $not_after }
install-removed = đã xóa khỏi thiết bị: số hiệu { $serial }, hết hạn { $not_after }
install-removed-copy = đã xóa khỏi thiết bị, là bản trùng của chứng thư mới: số hiệu { $serial }, hết hạn { $not_after }
install-replaced-by-driver = Trình điều khiển đã tự thay chứng thư có trước đó.
install-placed-aside = Thiết bị không nhận hai chứng thư cùng mã định danh, nên chứng thư được ghi ở mã tạm rồi đổi mã.
install-placed-after-removal = Thiết bị chỉ nhận sau khi một chứng thư khác đã được xóa để lấy chỗ.
install-read-back-second-process = Đã đọc lại bằng một chương trình đọc riêng: đúng từng byte.
install-read-back-fresh-session = Đã đọc lại bằng phiên làm việc mới: đúng từng byte. Thiết bị này không cho chương trình đọc riêng xem chứng thư khi chưa đăng nhập.
install-backup-place = Bản sao lưu: { $backup }
install-already-installed = Chứng thư trong tệp đã nằm đúng chỗ trên thiết bị. Không có gì bị thay đổi.
install-already-installed-from-here = Chứng thư này đã được cài từ máy này ngày { $date }.
install-dry-run-nothing = Chưa có gì bị thay đổi. Bỏ { -dry-run } để thực hiện.
install-report-lost = Chỉ có báo cáo là không ghi được ra đầu ra chuẩn. Không cần làm lại.
install-interrupted-late = Ctrl-C được nhấn khi đang ghi. Việc ghi đã được làm cho xong, vì dừng giữa chừng có hại hơn.

## Đưa về như lúc sao lưu

restore-file-heading = Bản sao lưu
restore-holds = { $count ->
    [0] Lúc sao lưu, khóa này chưa có chứng thư nào.
   *[other] Bản sao lưu có { $count } chứng thư:
}
restore-key-matched = Khóa trên thiết bị đúng là khóa của bản sao lưu.
restore-plan-add = Ghi lại chứng thư trong bản sao lưu, số hiệu { $serial }, hết hạn { $not_after }.
restore-plan-already-there = Chứng thư trong bản sao lưu, số hiệu { $serial }, hết hạn { $not_after }, đã có trên thiết bị, không ghi lại.
restore-plan-nothing-wanted = Không ghi chứng thư nào: lúc sao lưu, khóa này chưa có chứng thư. Làm xong, khóa cũng không còn chứng thư nào.
restore-plan-remove = Sau cùng xóa chứng thư đang có, số hiệu { $serial }, hết hạn { $not_after }.
restore-plan-keep = Giữ lại chứng thư đang có, số hiệu { $serial }, hết hạn { $not_after }.
restore-step-add = Ghi chứng thư trong bản sao lưu
restore-step-add-aside = Ghi chứng thư trong bản sao lưu ở mã định danh tạm
restore-step-remove = Xóa chứng thư đã thay chỗ nó
restore-done-heading = Đã đưa thiết bị về như lúc sao lưu.
restore-already-restored = Thiết bị đang đúng như lúc sao lưu. Không có gì bị thay đổi.
restore-on-token = số hiệu { $serial }, hết hạn { $not_after }
restore-on-token-none = không có chứng thư nào, như lúc sao lưu
restore-on-token-kept = vẫn giữ lại: số hiệu { $serial }, hết hạn { $not_after }

## Câu hỏi

prompt-again = Chưa rõ câu trả lời. Gõ c (có) hoặc k (không).
prompt-choices = [c/k]
prompt-install = Thực hiện kế hoạch trên?
prompt-install-again = Vẫn thực hiện?
prompt-restore = Đưa thiết bị về như lúc sao lưu theo kế hoạch trên?
prompt-forget = Xóa lịch sử?
prompt-pin =
    Nhập mã PIN của thiết bị “{ $label }”, số hiệu { $serial }.
    Khi gõ, màn hình không hiện gì. Mã PIN:
prompt-change-pin = Đổi mã PIN của thiết bị “{ $label }” (số hiệu { $serial })? Mã PIN cũ sẽ được thử đúng một lần.
prompt-unblock-pin = Mở khóa và đặt mã PIN mới cho thiết bị “{ $label }” (số hiệu { $serial })? Mã của quản trị viên (SO) sẽ được thử đúng một lần; sai quá số lần là mất hẳn.
prompt-unblock-under-way = Nơi cấp có đang hướng dẫn mở khóa thiết bị này qua điện thoại, hoặc đã hẹn làm việc đó không?
prompt-old-pin = Mã PIN hiện nay của thiết bị “{ $label }” (số hiệu { $serial }):
prompt-new-pin = Mã PIN mới (ít nhất 8 ký tự, có chữ hoa, chữ thường và chữ số):
prompt-new-pin-again = Nhập lại mã PIN mới:
prompt-new-pin-differs = Hai lần nhập không giống nhau. Mời nhập lại mã PIN mới từ đầu.
prompt-so-pin = Mã của quản trị viên (SO) của thiết bị “{ $label }” (số hiệu { $serial }):
prompt-pin-not-sent = Mã PIN chưa được gửi đến thiết bị, chưa mất lần thử nào.
prompt-pin-on-reader = Nhập mã PIN của thiết bị “{ $label }”, số hiệu { $serial }, trên đầu đọc hoặc trong cửa sổ của trình điều khiển. Cửa sổ đó có thể nằm sau cửa sổ khác.

## Xem tệp chứng thư

show-heading = { $file }
show-holder-heading = Thuê bao
show-certificate-heading = Chứng thư
show-technical-heading = Thông tin kỹ thuật
show-common-name = Tên chứng thư
show-organization = Cơ quan, tổ chức
show-units = Đơn vị
show-title = Chức danh
show-locality = Địa phương
show-state = Tỉnh, thành phố
show-country = Quốc gia
show-email = Thư điện tử
show-identifier = Mã số
show-tax-code = mã số thuế { $value }
show-citizen-number = số định danh cá nhân { $value }
show-old-citizen-number = số chứng minh nhân dân { $value }
show-serial = Số hiệu chứng thư
show-valid-from = Có hiệu lực từ
show-valid-to = Hết hạn
show-validity = Thời hạn
show-days-left = còn { $days } ngày
show-last-day = hôm nay là ngày cuối
show-expired = đã hết hạn { $days } ngày
show-expired-just-now = vừa hết hạn, chưa đầy một ngày
show-not-yet-valid = chưa có hiệu lực
show-issuer = Nơi cấp
show-issuer-checked = Chữ ký nơi cấp
show-issuer-pinned = đúng, của “{ $by }”, chứng thư đã biết của Cục Chứng thực số và Bảo mật thông tin
show-issuer-given = đúng, của “{ $by }” theo chứng thư nơi cấp tìm được; đó không phải chứng thư đã biết của Cục Chứng thực số và Bảo mật thông tin
show-issuer-unknown = chưa kiểm tra được, không có chứng thư của nơi cấp (xem { -ca })
show-issuer-bad = SAI: không phải chữ ký của “{ $by }”
show-generation = Hệ thống cấp
show-generation-one = chuyên dùng công vụ, thế hệ G1 (đến năm 2030)
show-generation-two = chuyên dùng công vụ, thế hệ G2 (đến năm 2048)
show-generation-claimed = { $generation }, theo thông tin nơi cấp ghi trong chứng thư, chưa kiểm chứng
show-generation-none = không phải hệ thống chuyên dùng công vụ
show-kind = Loại
show-kind-ca = chứng thư của tổ chức chứng thực, không cài lên thiết bị của thuê bao
show-kind-known-ca = chứng thư đã biết của Cục Chứng thực số và Bảo mật thông tin, không cài lên thiết bị của thuê bao
show-kind-encryption = tên kết thúc bằng (M): có lẽ là chứng thư mã hóa, phần mềm ký số thường bỏ qua
show-key = Khóa
show-usage = Mục đích khóa
show-extended-usage = Mục đích mở rộng
show-signature-algorithm = Thuật toán ký
show-sha1 = SHA-1 (thumbprint)
show-sha256 = SHA-256
show-ocsp = OCSP
show-crl = CRL
show-ca-issuers = Chứng thư nơi cấp
show-policies = Chính sách
show-exported = Đã ghi DER vào { $file }.
show-diff-heading = So sánh hai chứng thư
show-diff-old = Chứng thư thứ nhất
show-diff-new = Chứng thư thứ hai
show-diff-changes = Những điều khác nhau, từ chứng thư thứ nhất sang thứ hai:
show-diff-result = Kết luận
show-diff-same-file = giống hệt nhau
show-diff-other-key = hai khóa khác nhau: chứng thư thứ hai không cài được vào thiết bị của chứng thư thứ nhất
show-diff-renewal = cùng khóa, gia hạn
show-diff-information = cùng khóa, thay đổi thông tin
show-diff-both = cùng khóa, gia hạn và thay đổi thông tin
show-diff-reissue = cùng khóa, cùng thông tin và không dài hạn hơn (cấp lại)
show-gloss-heading = Ý nghĩa với cơ quan
show-gloss-serial = Số hiệu chứng thư: ghi vào đơn đề nghị gia hạn, thay đổi, thu hồi; mỗi lần cấp một số khác, nên phải đăng ký lại ở nơi đã đăng ký số cũ.
show-gloss-validity = Hiệu lực: sau ngày cuối không ký được nữa; đề nghị gia hạn phải gửi sớm hơn nhiều.
show-gloss-email = Thư điện tử: địa chỉ công vụ đã đăng ký; đổi địa chỉ là thay đổi thông tin.
show-gloss-issuer = Nơi cấp và chuỗi chứng thực: chứng minh chứng thư là thật; “chưa đủ” không có nghĩa là giả.
show-gloss-key = Khóa và mục đích dùng: khóa bí mật nằm trong thiết bị; tệp này không chứa bí mật nào và gửi cho người khác được.
show-gloss-fingerprint = SHA-1, SHA-256: dấu vân tay của tệp, để đối chiếu qua điện thoại hoặc tìm trong phần mềm ký số.
show-ca-skipped = Bỏ qua { $file } khi đọc chứng thư của nơi cấp: { $problem }

## Xem thiết bị

list-heading = Thiết bị “{ $label }”, số hiệu { $serial }
list-keys-heading = Khóa
list-certificates-heading = Chứng thư
list-no-keys = Không thấy khóa nào.
list-no-certificates = Không thấy chứng thư nào.
list-column-holder = Tên chứng thư
list-column-serial = Số hiệu
list-column-end = Hết hạn
list-column-mark = Ghi chú
list-column-key = Khóa
list-column-label = Nhãn
list-column-id = Mã định danh
list-column-certificates = Số chứng thư
list-mark-current = đang dùng
list-mark-old = cũ
list-mark-expired = đã hết hạn
list-mark-not-yet-valid = chưa có hiệu lực
list-mark-ca = của nơi cấp
list-mark-no-key = không có khóa ở đây
list-mark-key-unknown = chưa rõ có khóa không
list-unreadable = không đọc được ({ $bytes } byte)
list-private-hidden = Khóa bí mật thường chỉ hiện sau khi đăng nhập; lệnh này không đăng nhập.
list-several-of-one-key = Có khóa mang nhiều chứng thư còn hạn. Phần mềm ký có thể chọn nhầm chứng thư cũ.
list-uri-heading = Tên dùng cho chương trình khác (URI)

## Lịch sử trên máy này

history-heading = Việc đã làm trên máy này
history-none = Lịch sử chưa ghi việc nào.
history-none-of-token = Lịch sử không có việc nào với thiết bị được chọn.
history-column-date = Ngày
history-column-action = Việc đã làm
history-column-holder = Tên chứng thư
history-column-certificate = Chứng thư
history-column-token = Thiết bị
history-install = cài đặt
history-install-stopped = cài đặt, dừng giữa chừng
history-restore = đưa về bản sao lưu
history-restore-stopped = đưa về bản sao lưu, dừng giữa chừng
history-valid-to = hết hạn { $not_after }
history-no-certificate = không có chứng thư nào
history-place = Lịch sử chỉ nằm trên máy này, trong tệp { $file }. Xem thiết bị đang có gì bằng { -list }.
history-problem-cut = Tệp lịch sử quá dài, chỉ phần mới nhất được đọc.
history-problem-damaged = Số dòng bị hỏng trong tệp lịch sử, được bỏ qua: { $count }.
history-problem-newer = Số dòng do phiên bản mới hơn của chương trình ghi, được bỏ qua: { $count }.
history-forget-plan = Toàn bộ nội dung của { $file } sẽ bị xóa. Bản sao lưu và nhật ký vẫn giữ nguyên. Sau đó chương trình không còn biết những lần gia hạn đã cài từ máy này.
history-forgotten = Đã xóa nội dung của { $file }. Bản sao lưu và nhật ký vẫn giữ nguyên.
history-nothing-to-forget = { $file } không có gì để xóa. Bản sao lưu và nhật ký vẫn giữ nguyên.

## Trình điều khiển và thiết bị

tokens-driver-heading = { $path }
tokens-driver = Trình điều khiển
tokens-driver-name = { $name } { $version } ({ $manufacturer })
tokens-route = Tìm thấy qua
tokens-route-command-line = { -module }
tokens-route-configuration = tệp cấu hình
tokens-route-environment = { -module-variable }
tokens-route-p11-kit = tệp khai báo của p11-kit
tokens-route-well-known = chỗ cài đặt quen thuộc của hãng
tokens-declared-in = Khai báo trong
tokens-init-string = Chuỗi khởi tạo
tokens-init-string-length = có, { $bytes } byte
tokens-load-time = Khởi động
tokens-load-milliseconds = { $milliseconds } ms
tokens-problem = Trục trặc
tokens-no-token = Không thấy thiết bị nào qua trình điều khiển này.
tokens-no-driver = Không tìm thấy trình điều khiển nào. Cài phần mềm kèm theo thiết bị (bit4id hoặc SafeNet), hoặc chỉ rõ tệp bằng { -module }. Thêm -v để biết đã tìm ở đâu.
tokens-token-heading = { $number }. “{ $label }”
tokens-store-heading = Kho chứng thư “{ $label }”
tokens-store-meaning = không giữ khóa của người dùng, không phải thiết bị lưu khóa bí mật
tokens-slot = Khe cắm
tokens-slot-problem = Khe cắm { $slot }: { $problem }
tokens-reader = Đầu đọc
tokens-serial = Số hiệu thiết bị
tokens-model = Loại
tokens-manufacturer = Nhà sản xuất
tokens-pin = Mã PIN
tokens-pin-length = Độ dài mã PIN
tokens-pin-length-range = { $minimum } đến { $maximum } ký tự
tokens-pin-on-reader = nhập trên đầu đọc hoặc trong cửa sổ của trình điều khiển
tokens-memory = Bộ nhớ
tokens-memory-free = còn { $free } trên { $total } byte
tokens-not-initialized = thiết bị chưa được khởi tạo
tokens-write-protected = thiết bị đang chống ghi
tokens-uri = URI
tokens-places-heading = Đã tìm ở những chỗ sau
tokens-place-present = có: { $path }
tokens-place-absent = không có: { $path }
tokens-place-names = có: { $folder } – tìm { $names }
tokens-passed-over-heading = Có thấy nhưng không dùng
tokens-passed-over = { $path }: { $reason }
tokens-passed-over-declared = { $path } (khai báo trong { $file }): { $reason }
tokens-reason-declaration-unreadable = không đọc được tệp khai báo này của p11-kit ({ $detail })
tokens-reason-missing = không có tệp này
tokens-reason-not-for-this-program = chỉ khai báo cho chương trình khác
tokens-reason-proxy = cho xem lại thiết bị của các trình điều khiển khác
tokens-reason-remote = hoạt động qua một lệnh mà chương trình này không chạy
tokens-reason-same-file = cùng một tệp với { $first }
tokens-reason-switched-off = không ghi trình điều khiển nào, nghĩa là đã tắt
tokens-reason-trust-policy = chỉ giữ chứng thư tin cậy, không có khóa

## Trình diễn

demo-heading = Trình diễn: cài đặt chứng thư số gia hạn
demo-introduction = Mọi việc diễn ra trên một thiết bị bằng phần mềm, trong thư mục tạm, và được dọn sạch khi xong. Không cần USB token, không cần mã PIN thật. Phần cài đặt là phần thật, giống hệt lệnh chungthu install.
demo-step-heading = Bước { $number }. { $title }
demo-make-token = Một thiết bị đã có khóa
demo-make-token-text = Thiết bị phần mềm được tạo trong { $folder }.
demo-make-key = Trên thiết bị có một khóa RSA 2048. Khóa bí mật không bao giờ rời thiết bị.
demo-issue-old = Chứng thư sắp hết hạn
demo-issue-old-text = Nơi cấp trình diễn đã cấp cho khóa đó một chứng thư, nay chỉ còn { $days } ngày.
demo-before = Trên thiết bị trước khi cài đặt
demo-issue-new = Nơi cấp gửi chứng thư gia hạn
demo-issue-new-text = Cơ quan đã đề nghị gia hạn. Nơi cấp gửi về tệp { $file }. Trong tệp chỉ có chứng thư, không có khóa.
demo-install = Cài đặt
demo-install-text = Với thiết bị thật, lệnh phải gõ là: { $command }
demo-after = Trên thiết bị sau khi cài đặt
demo-second-run = Chạy lại lần nữa
demo-second-run-text = Cùng một lệnh, chạy lần thứ hai. Không có gì phải làm, nên không hỏi mã PIN.
demo-pin-given = Mã PIN của thiết bị trình diễn được nhập tự động ở đây. Với thiết bị thật, chương trình hỏi một lần.
demo-end = Hết phần trình diễn. Thư mục tạm được xóa. Với thiết bị thật, bắt đầu bằng { -tokens }, rồi { -show } và tên tệp.
demo-holder-organization = CƠ QUAN TRÌNH DIỄN

## Tình trạng thiết bị sau một lần không thành

state-none-touched = chưa động đến thiết bị nào.
state-not-touched = không bị thay đổi gì.
state-unchanged = đã kiểm tra lại, mọi thứ trên thiết bị vẫn như trước.
state-leftover = chứng thư có từ trước vẫn nguyên; bên cạnh còn sót một đối tượng ghi dở mà chương trình không dọn được.
state-new-and-old = chứng thư mới đã có, chứng thư cũ vẫn còn.
state-only-new = chỉ còn chứng thư mới.
state-old-missing = chứng thư cũ đã mất và chứng thư mới chưa có. Chứng thư cũ có trong thư mục sao lưu, dạng tệp .cer.
state-restore-both = đã có chứng thư trong bản sao lưu, chứng thư có trước đó vẫn còn.
state-restore-only = đúng như bản sao lưu.
state-restore-missing = chứng thư có trước đó đã mất và chưa đủ chứng thư trong bản sao lưu. Tất cả nằm trong thư mục sao lưu, dạng tệp .cer.
state-pin-new = mã PIN mới đang dùng; khóa và chứng thư không bị thay đổi gì.
state-pin-old = mã PIN cũ vẫn dùng; khóa và chứng thư không bị thay đổi gì.
state-pin-unknown = chưa biết mã PIN cũ hay mã PIN mới đang dùng; khóa và chứng thư không bị thay đổi gì.
state-pin-not-new = thiết bị không nhận mã PIN mới, nên có lẽ mã PIN cũ vẫn dùng; khóa và chứng thư không bị thay đổi gì.
state-unknown = chưa kiểm tra lại được, có thể đã thay đổi.

## Chuyện gì đã xảy ra

what-internal = Lỗi của chương trình.
what-argument-unknown = Không có tùy chọn { $argument }.
what-argument-missing = Thiếu tham số: { $argument }
what-argument-no-text = Có tham số không phải là văn bản đọc được.
what-arguments-conflict = Không dùng { $argument } cùng { $other } được.
what-configuration-unreadable = Không đọc được tệp cấu hình { $file }.
what-configuration-wrong = Tệp cấu hình { $file } sai ở dòng { $line }.
what-command-unknown = Không có lệnh “{ $word }”, cũng không có tệp nào tên như vậy.
what-date-unreadable = Không hiểu ngày “{ $value }”. Viết theo dạng 2026-11-23T00:00:00Z.
what-der-of-several = { -der } chỉ dùng với một tệp.
what-now-unused = { -now } không có tác dụng với lệnh này.
what-now-where-written = { -now } không dùng được khi ghi lên thiết bị. Thêm { -dry-run } để chạy thử.
what-pem-and-der = { -pem } không dùng cùng { -der } được.
what-pin-source-is-file = { $file } vừa được chọn để lấy mã PIN, vừa là tệp cần đọc. Nội dung chứng thư sẽ bị thử như mã PIN.
what-pin-sources-same = Hai mã PIN không thể lấy từ cùng một chỗ.
what-new-pin-no-digit = không có chữ số
what-new-pin-no-lower-case = không có chữ thường
what-new-pin-no-upper-case = không có chữ hoa
what-new-pin-not-taken = Trình điều khiển báo đã đổi mã PIN, nhưng khi đăng nhập thử thì thiết bị không nhận mã PIN mới.
what-new-pin-refused-by-token = Thiết bị không chấp nhận mã PIN mới này: nó có quy tắc riêng.
what-new-pin-same = giống mã PIN cũ
what-new-pin-too-short = ngắn hơn { $minimum } ký tự
what-new-pin-weak = Mã PIN mới chưa đạt: { $reasons }.
what-pin-change-stopped = Việc đổi mã PIN bị ngắt giữa chừng, trình điều khiển không cho biết đã đổi hay chưa.
what-so-pin-final-try = Chỉ còn một lần nhập mã của quản trị viên (SO); sai là mất hẳn. Chương trình không tiếp tục nếu không có yêu cầu rõ ràng.
what-so-pin-locked = Mã của quản trị viên (SO) đã bị khóa; trên máy này không mở khóa được nữa.
what-so-pin-wrong = Mã của quản trị viên (SO) không đúng.
what-unblock-not-here = Thiết bị này mang chứng thư của hệ thống chuyên dùng công vụ: chỉ nơi cấp mới được khôi phục (mở khóa) nó.
what-unblock-under-way = Việc mở khóa đang diễn ra; chương trình không động đến thiết bị.
what-pin-source-unknown = Giá trị của { -pin-source } phải là prompt, stdin, file:ĐƯỜNG-DẪN, env:TÊN hoặc token. Giá trị đã gõ không được nhắc lại ở đây, phòng khi đó là mã PIN.
what-standard-input-twice = Đầu vào chuẩn chỉ đọc được một lần: làm một tệp hoặc làm mã PIN.
what-uri-attribute-repeated = URI ghi thuộc tính { $attribute } hai lần.
what-uri-attribute-unknown = URI có thuộc tính lạ ở ký tự thứ { $position }.
what-uri-attribute-unselective = Chương trình không chọn được thiết bị theo { $attribute }.
what-uri-malformed = Không hiểu URI pkcs11: ở ký tự thứ { $position }. Ký tự không được phép phải ghi bằng dấu % và hai chữ số.
what-uri-pin = URI không được chứa mã PIN hay nơi lấy mã PIN. Mã PIN không bao giờ nằm trên dòng lệnh.
what-uri-value-wrong = URI ghi giá trị của { $attribute } không hợp lệ.
what-value-missing = { $argument } cần có giá trị.
what-value-not-one-of = { $argument } không nhận “{ $value }”. Nhận một trong: { $known }.
what-value-unknown = { $argument } không nhận “{ $value }”.
what-cancelled = Chưa ghi gì lên thiết bị.
what-no-terminal-for-pin = Cần nhập mã PIN nhưng không có cửa sổ dòng lệnh để nhập.
what-no-terminal-for-question = Cần hỏi trước khi ghi nhưng không có ai trả lời: đầu vào không phải cửa sổ dòng lệnh.
what-file-damaged = Tệp { $file } bị hỏng: không đọc được trường { $field } ở byte { $offset }.
what-file-empty = Tệp { $file } rỗng.
what-file-has-private-key = Tệp { $file } có chứa khóa bí mật. Khóa bí mật của thuê bao chỉ được nằm trên thiết bị; chương trình không đọc tiếp.
what-file-is-archive = Tệp { $file } là tệp nén { $format }. Chứng thư có lẽ là một tệp .cer nằm trong đó.
what-file-is-ca-certificate = Tệp { $file } chỉ có chứng thư của tổ chức chứng thực (“{ $subject }”), không có chứng thư của thuê bao.
what-file-is-crl = Tệp { $file } là danh sách chứng thư bị thu hồi (CRL), không phải chứng thư.
what-file-is-html = Tệp { $file } là một trang web, không phải chứng thư. Thường do tải về khi chưa đăng nhập.
what-file-is-image = Tệp { $file } là hình ảnh, không phải chứng thư.
what-file-is-key-store = Tệp { $file } là kho khóa (.p12, .pfx, .jks), chứa khóa bí mật cùng chứng thư. Khóa bí mật của thuê bao chỉ được nằm trên thiết bị; chương trình không đọc tiếp.
what-file-is-no-list = Tệp { $file } không phải danh sách thu hồi (CRL).
what-file-is-list-with-more = Tệp { $file } có thêm dữ liệu sau danh sách thu hồi.
what-file-is-list-too-large = Tệp { $file } lớn hơn { $limit } MiB, không đọc.
what-diff-needs-two = Cần đúng hai chứng thư để so sánh; đã đọc được { $count }.
what-no-certificate-on-token = Không có chứng thư nào trên thiết bị.
what-token-several-certificates = Có { $count } chứng thư trên thiết bị; chỉ ghi được một.
what-file-is-office-document = Tệp { $file } là văn bản Word, Excel hoặc tương tự, không phải chứng thư.
what-file-is-pdf = Tệp { $file } là văn bản PDF, không phải chứng thư.
what-file-is-pkcs7 = Tệp { $file } là tệp PKCS#7 không có chứng thư: thư đã mã hóa hoặc danh sách chứng thư bị thu hồi.
what-file-is-public-key = Tệp { $file } chỉ có khóa công khai, không có chứng thư.
what-file-is-request = Tệp { $file } là yêu cầu cấp chứng thư (CSR), không phải chứng thư do nơi cấp gửi về.
what-file-is-signed-document = Tệp { $file } là văn bản đã ký hoặc chữ ký số (.p7m, .p7s), không phải chứng thư. Chứng thư của người ký nằm trong đó không được dùng.
what-file-is-text = Tệp { $file } là văn bản thường, không có chứng thư bên trong.
what-file-is-unknown = Tệp { $file } không phải chứng thư.
what-file-not-found = Không có tệp { $file }.
what-file-pem-damaged = Chứng thư trong tệp văn bản { $file } bị cắt cụt hoặc bị sửa: dòng BEGIN, dòng END hoặc phần chữ ở giữa không còn nguyên vẹn.
what-file-several-certificates = Tệp { $file } có { $count } chứng thư; { -der } chỉ ghi ra một.
what-file-too-large = Tệp { $file } lớn hơn { $limit } KiB, không thể là tệp chứng thư.
what-file-trailing-bytes = Tệp { $file } có { $count } byte thừa sau chứng thư, từ byte { $offset }.
what-file-truncated = Tệp { $file } bị cắt cụt: phải có { $expected } byte, chỉ có { $actual }.
what-file-unfinished = Tệp { $file } bị cắt cụt: thiếu phần cuối.
what-file-unreadable = Không đọc được tệp { $file }.
what-folder-without-certificates = Trong thư mục { $folder } không có tệp nào mang tên tệp chứng thư (.cer, .crt, .der, .pem, .p7b, .p7c, có thể thêm .txt phía sau).
what-output-exists = Tệp { $file } đã có, không ghi đè.
what-output-unwritable = Không ghi được { $file }.
what-cert-expired = Chứng thư trong tệp đã hết hạn ngày { $not_after }.
what-cert-not-yet-valid = Chứng thư trong tệp đến { $not_before } mới có hiệu lực. Đồng hồ máy này đang là { $now }.
what-cert-older-than-installed = Trên thiết bị đã có chứng thư mới hơn: số hiệu { $serial }, hết hạn { $not_after }. Tệp này có lẽ là tệp cũ.
what-cert-same-serial-different-bytes = Trên thiết bị đã có chứng thư cùng nơi cấp, cùng số hiệu { $serial } nhưng nội dung khác. Nơi cấp không bao giờ cấp như vậy.
what-issuer-signature-invalid = Chữ ký trên chứng thư không phải của nơi cấp “{ $issuer }”. Tệp đã bị sửa hoặc bị làm giả.
what-key-ambiguous = Trên thiết bị có nhiều khóa cùng khớp với chứng thư (mã định danh: { $ids }). Chương trình không đoán.
what-key-cannot-tell = Đã đăng nhập nhưng thiết bị vẫn không cho biết có khóa của chứng thư hay không.
what-key-may-not-sign = Khóa khớp với chứng thư nhưng không được phép ký, nên không chứng minh được đó là khóa của chứng thư.
what-key-not-on-token = Chứng thư trong tệp không thuộc khóa nào trên thiết bị đang cắm: { $tokens }. Tệp này của người khác, hoặc của thiết bị khác.
what-key-unsupported = Chương trình chưa kiểm tra được loại khóa của chứng thư này.
what-several-certificates = Trong các chứng thư đưa vào, có { $count } chứng thư đều có thể là chứng thư cần cài, mà mỗi lần chỉ cài một: { $certificates }.
what-possession-not-proved = Ký thử không thành, hoặc chữ ký thử không khớp với chứng thư. Thiết bị chưa chứng minh được là giữ khóa của chứng thư.
what-module-crashed = Trình điều khiển { $module } bị dừng đột ngột.
what-module-crashed-in = Trình điều khiển { $module } bị dừng đột ngột trong lệnh { $function }.
what-module-answered = Trình điều khiển { $module } trả lời { $answer } cho lệnh { $function }.
what-module-failed = Không khởi động được trình điều khiển { $module }.
what-module-incomprehensible = Trình điều khiển { $module } trả lời không đúng quy ước.
what-module-is-proxy = { $module } không phải trình điều khiển của thiết bị mà là trình trung gian của p11-kit. Hãy chỉ thẳng trình điều khiển của thiết bị.
what-module-library-missing = Không nạp được trình điều khiển { $module }: thiếu một thư viện mà nó cần. Phần mềm của hãng có lẽ chưa được cài đủ.
what-module-not-found = Không mở được tệp trình điều khiển { $module }.
what-module-not-pkcs11 = Tệp { $module } không phải trình điều khiển PKCS#11.
what-module-refused = Trình điều khiển { $module } từ chối việc { $operation }.
what-module-timed-out = Trình điều khiển { $module } không trả lời sau { $seconds } giây nên đã bị dừng.
what-module-timed-out-in = Trình điều khiển { $module } không trả lời lệnh { $function } sau { $seconds } giây nên đã bị dừng.
what-module-wrong-architecture = Trình điều khiển { $module } dành cho { $found }; chương trình này cần { $wanted }.
what-no-driver = Không tìm thấy trình điều khiển nào của thiết bị lưu khóa bí mật trên máy này.
what-no-driver-as-asked = Không có trình điều khiển nào đúng như URI sau { -token-option } yêu cầu (module-path, module-name).
what-demo-library-missing = Không thấy thư viện thiết bị phần mềm { $name } cạnh chương trình, trong { $folder }.
what-demo-not-prepared = Không chuẩn bị được phần trình diễn.
what-token-ambiguous = Có nhiều thiết bị cùng phù hợp: { $tokens }.
what-token-changed = Thiết bị hoặc dữ liệu trên thiết bị đã thay đổi so với lúc xem kế hoạch.
what-token-full = Bộ nhớ của thiết bị đã đầy.
what-token-in-use = Một chương trình khác đang giữ thiết bị, hoặc vừa ngắt chương trình này khỏi thiết bị.
what-token-in-use-by-another-run = Một lần chạy khác của chương trình này đang làm việc với thiết bị.
what-token-not-as-asked = Không có thiết bị nào đúng như { -token-option } yêu cầu. Đang cắm: { $others }.
what-token-not-found = Không thấy thiết bị nào đang cắm. Số trình điều khiển đã thử: { $drivers }.
what-token-not-initialized = Thiết bị chưa được khởi tạo, hoặc chưa đặt mã PIN.
what-token-refused-certificate = Thiết bị không nhận chứng thư.
what-token-removed = Thiết bị đã bị rút ra, hoặc không còn đọc được.
what-token-write-protected = Thiết bị đang chống ghi.
what-write-needs-security-officer = Thiết bị này chỉ cho quản trị viên (SO) ghi chứng thư.
what-pin-control-character = Mã PIN có ký tự điều khiển (ví dụ phím Tab hoặc phím mũi tên).
what-pin-dialog-abandoned = Bạn đã dừng khi việc nhập mã PIN trên đầu đọc hoặc trong cửa sổ của trình điều khiển chưa xong. Chưa ghi gì lên thiết bị; có thể đã mất một lần thử mã PIN.
what-pin-dialog-cancelled = Việc nhập mã PIN trên đầu đọc hoặc trong cửa sổ của trình điều khiển đã bị hủy.
what-pin-empty = Chưa nhập mã PIN.
what-pin-expired = Mã PIN phải được đổi trước khi dùng tiếp.
what-pin-final-try = Chỉ còn một lần nhập mã PIN. Chương trình không tiếp tục nếu không có yêu cầu rõ ràng.
what-pin-full-width = Mã PIN có ký tự dạng rộng (full-width), do bộ gõ đang bật.
what-pin-locked = Mã PIN của thiết bị đã bị khóa.
what-pin-refused-now = Trình điều khiển báo mã PIN đã bị khóa, còn chính thiết bị thì không. Có loại thiết bị không nhận mã PIN nào trong một lúc sau khi nhập sai.
what-pin-tries-counted = Thiết bị không cho biết còn mấy lần thử, và đã có { $count } lần đăng nhập hỏng từ máy này kể từ lần đúng gần nhất. Sai thêm một lần, thiết bị có thể bị khóa. Chương trình không tiếp tục nếu không có yêu cầu rõ ràng.
what-login-unclear = Trình điều khiển từ chối đăng nhập mà không nói lý do. Có thể mã PIN sai, và có thể đã mất một lần thử.
what-pin-not-ascii = Mã PIN có chữ tiếng Việt hoặc ký tự lạ, do bộ gõ đang bật.
what-pin-not-given = Không lấy được mã PIN từ { $source }.
what-pin-shape-refused = Thiết bị không nhận mã PIN vì độ dài hoặc ký tự.
what-pin-is-text = Nội dung lấy từ { $source } không phải chỉ là mã PIN: đó là chứng thư, hoặc có nhiều hơn một dòng.
what-pin-too-long = Mã PIN dài hơn { $maximum } ký tự, là mức thiết bị cho phép.
what-pin-too-short = Mã PIN ngắn hơn { $minimum } ký tự, là mức thiết bị yêu cầu.
what-pin-wrong = Mã PIN không đúng. Đã mất một lần thử.
what-backup-failed = Không ghi được bản sao lưu, nhật ký hoặc số lần đăng nhập hỏng vào { $place }.
what-backup-damaged = Bản sao lưu { $file } bị hỏng.
what-backup-is-none = Tệp { $file } không phải bản sao lưu của chương trình này.
what-backup-of-newer-program = Bản sao lưu { $file } do phiên bản mới hơn của chương trình ghi.
what-backup-other-key = Bản sao lưu này thuộc khóa không có trên thiết bị đang cắm.
what-lock-failed = Không đặt được khóa để hai lần chạy của chương trình không cùng làm việc với một thiết bị: { $place }.
what-module-cannot-write = Trình điều khiển { $module } chỉ đọc, không ghi được chứng thư lên thiết bị này.
what-no-home = Không xác định được thư mục để sao lưu. Đặt biến CHUNGTHU_HOME.
what-removal-refused = Thiết bị không cho xóa chứng thư.
what-change-not-stored = Trình điều khiển báo đã làm xong, nhưng xem lại thì thiết bị vẫn như trước.
what-look-not-as-planned = Lần xem cuối thấy trên thiết bị khác với kế hoạch.
what-seen-only-later = Lần đọc lại đầu tiên không thấy chứng thư đúng như đã ghi; lần xem sau đó thì thấy.
what-write-incomplete = Việc đang làm dừng giữa chừng sau khi đã bắt đầu ghi.
what-write-not-stored = Trình điều khiển báo đã ghi, nhưng đọc lại không thấy chứng thư trên thiết bị.
what-write-stored-differently = Chứng thư đọc lại khác với chứng thư đã ghi.

## Việc cần làm

hint-allow-driver-time = Nếu thiết bị chỉ chậm: cho trình điều khiển thêm thời gian bằng driver_timeout trong config.toml (docs/configuration.md).
hint-allow-expired = Nếu vẫn cần cài (ví dụ để đọc thư cũ), thêm { -allow-expired }.
hint-allow-final-try = Nếu chắc chắn nhớ đúng mã PIN, chạy lại với { -allow-final-try }.
hint-allow-not-yet-valid = Nếu đồng hồ đúng và vẫn muốn cài trước, thêm { -allow-not-yet-valid }; chứng thư cũ được giữ lại.
hint-allow-older = Nếu đúng là muốn cài chứng thư cũ hơn, thêm { -allow-older }.
hint-ask-authority = Hỏi Cục Chứng thực số và Bảo mật thông tin (024.3773.8668, https://dichvucong.ca.gov.vn) qua cơ quan quản lý trực tiếp.
hint-ask-it = Nếu vẫn không được, gửi toàn bộ thông báo này cho cán bộ công nghệ thông tin của cơ quan.
hint-ask-managing-agency = Hỏi cơ quan quản lý trực tiếp, là nơi gửi đề nghị cấp chứng thư.
hint-ask-new-file = Nếu tệp gốc cũng như vậy, đề nghị cơ quan quản lý trực tiếp gửi lại tệp .cer.
hint-backup-at = Bản sao lưu trước khi ghi nằm ở { $backup }. Giữ tệp này.
hint-build-soft-token = Chạy { -build-soft-token }, hoặc chép tệp đó vào cạnh chương trình.
hint-change-pin = Đổi mã PIN bằng phần mềm của thiết bị, rồi chạy lại.
hint-check-clock = Kiểm tra ngày giờ của máy tính.
hint-check-free-space = Kiểm tra dung lượng trống và quyền ghi của thư mục đó.
hint-download-list = Tải lại danh sách thu hồi từ địa chỉ ghi trong chứng thư (mục Danh sách thu hồi của chungthu show).
hint-another-new-pin = Chọn mã PIN khác: ít nhất 8 ký tự, có chữ hoa, chữ thường và chữ số, không dấu, không giống mã cũ.
hint-finish-unblocking = Làm xong theo hướng dẫn qua điện thoại; trong lúc đó không rút thiết bị và không mở phần mềm nào dùng nó.
hint-try-new-pin-once = Rút thiết bị ra, cắm lại, rồi đăng nhập một lần bằng mã PIN MỚI trong phần mềm của thiết bị. Nếu bị báo sai thì mã PIN CŨ vẫn dùng. Không thử thêm mã nào khác.
hint-use-old-pin = Dùng tiếp mã PIN cũ. Lần thử vừa rồi có thể đã tính là một lần nhập sai; đăng nhập đúng bằng mã cũ một lần để bộ đếm trở về như cũ.
hint-check-path = Kiểm tra lại đường dẫn và quyền đọc tệp.
hint-choose-slot = Trong các thiết bị này có thiết bị trùng số hiệu hoặc không có số hiệu. Chỉ cắm thiết bị cần dùng, hoặc chọn theo số khe cắm mà { -tokens } -v cho biết: { -token-option } pkcs11:slot-id=1
hint-choose-token = Chọn một thiết bị bằng { -token-option } và số hiệu của nó.
hint-close-other-programs = Đóng các phần mềm khác đang dùng thiết bị (phần mềm ký số, trình duyệt, phần mềm quản lý thiết bị).
hint-copy-uri = Chép URI từ { -tokens } -v hoặc { -list } -v, và đặt trong dấu nháy.
hint-correct-configuration = Sửa hoặc xóa dòng đó. Những gì được ghi: docs/configuration.md.
hint-count-tries = Xem tình trạng mã PIN hiện nay: { -tokens } -v
hint-did-you-mean = Có phải muốn gõ: { $word }
hint-driver-look = Trình điều khiển { $module }: { $problem }
hint-end-other-run = Chờ lần chạy kia xong, hoặc đóng cửa sổ của nó.
hint-end-recovery = Nếu đang chờ mở khóa từ xa, không dùng thiết bị cho đến khi xong.
hint-failed-logins = Máy này đã ghi nhận { $count } lần đăng nhập hỏng vào thiết bị kể từ lần đúng gần nhất.
hint-find-subscriber-file = Tìm tệp .cer mang tên người hoặc cơ quan của mình, thường gửi cùng thư hoặc cùng gói với tệp này. Nếu không có, hỏi cơ quan quản lý trực tiếp.
hint-give-one-file = Chạy lại với đúng một tệp cần cài: { -install } TỆP.cer. Nếu có tệp cũ và tệp mới của cùng một người thì dùng tệp mới.
hint-install-driver = Cài hoặc cài lại phần mềm kèm theo thiết bị (bit4id hoặc SafeNet), tải từ https://dichvucong.ca.gov.vn.
hint-install-other-bitness = Cài đúng bản 64-bit của phần mềm kèm theo thiết bị.
hint-list-token = Xem thiết bị đang có gì bằng { -list }.
hint-move-private-key = Không gửi tệp này cho ai, và hỏi nơi đã tạo ra nó.
hint-name-driver = Nếu biết tệp trình điều khiển ở đâu, chỉ rõ bằng { -module }.
hint-name-init-string = Nếu trình điều khiển này cần chuỗi khởi động (NSS cần), ghi chuỗi đó vào mục modules của tệp cấu hình; xem docs/configuration.md.
hint-no-more-tries = Chương trình không tự thử lại. Nếu không chắc mã PIN, dừng ở đây: sai quá số lần quy định, thiết bị bị khóa.
hint-other-backup = Chọn một bản sao lưu khác trong thư mục sao lưu.
hint-install-plain-file = Các chứng thư cũ cũng nằm cạnh bản sao lưu, dạng tệp .cer; có thể ghi lại từng tệp bằng { -install } TỆP.cer { -allow-older }, thêm { -allow-expired } nếu đã hết hạn.
hint-not-installed-by-hand = Không cài chứng thư này bằng cách khác lên thiết bị này: chữ ký tạo ra có thể không dùng được.
hint-pin-from-elsewhere = Chạy trong cửa sổ dòng lệnh, hoặc dùng { -pin-source } (stdin, file:ĐƯỜNG-DẪN, env:TÊN, token).
hint-plug-in = Cắm thiết bị vào cổng USB, chờ đèn sáng rồi chạy lại.
hint-plug-in-other = Cắm đúng thiết bị của người hoặc cơ quan ghi trong tệp.
hint-recovery-form = Nếu thiết bị đã bị khóa, hoặc không còn nhớ mã PIN: cơ quan quản lý trực tiếp đề nghị khôi phục (mở khóa) thiết bị theo Mẫu số 06 của Nghị định 68/2024/NĐ-CP (trước đây là Mẫu 11, 12 của Thông tư 185/2019/TT-BQP).
hint-replug = Rút thiết bị ra, cắm lại rồi chạy lại.
hint-report-problem = Báo cho nhóm phát triển, kèm toàn bộ thông báo này.
hint-remove-old-first = Nếu thiết bị đầy, hoặc không nhận hai chứng thư của một khóa: chạy lại với { -remove-old-first }. Đọc kỹ kế hoạch trước khi đồng ý.
hint-restore-from =
    Nếu vẫn không được, trở về như trước:
    { -restore } { $backup }
hint-save-from-official-mail = Lấy lại tệp .cer gốc từ thư điện tử công vụ hoặc hệ thống văn bản; không mở bằng phần mềm khác rồi lưu lại.
hint-see-help = Xem hướng dẫn: { -help }
hint-show-file = Xem tệp là của ai bằng { -show } và tên tệp.
hint-switch-input-method-off = Tắt bộ gõ tiếng Việt (Unikey), kiểm tra phím Caps Lock.
hint-try-again = Chạy lại đúng lệnh này: chương trình xem thiết bị đang có gì rồi làm tiếp phần còn thiếu.
hint-wait-and-look = Chờ một phút rồi xem lại bằng chungthu tokens. Nếu ở đó không báo mã PIN bị khóa, chạy lại đúng một lần; nếu vẫn bị trả lời như vậy, coi như mã PIN đã bị khóa.
hint-unpack-file = Mở tệp nén, lấy tệp .cer bên trong ra và dùng tệp đó.
hint-use-force = Thêm { -force } để ghi đè, hoặc chọn tên khác.
hint-use-pem = Xem tất cả bằng { -show } và tên tệp; { -pem } in ra từng chứng thư.
hint-use-yes = Chạy trong cửa sổ dòng lệnh, hoặc thêm { -yes } nếu đã xem kế hoạch bằng { -dry-run }.
hint-use-yes-to-forget = Chạy trong cửa sổ dòng lệnh, hoặc thêm { -yes }.
hint-wait-for-killed-run = Cửa sổ của nó đã bị đóng hoặc nó đã bị ngắt; việc nó đang làm trên thiết bị sẽ kết thúc chậm nhất sau mười giây.

## Hướng dẫn sử dụng

help-about = chungthu: cài chứng thư chữ ký số gia hạn hoặc thay đổi thông tin lên thiết bị lưu khóa bí mật (USB token) đã có.
help-heading-usage = Cách dùng:
help-heading-commands = Lệnh
help-heading-own = Tham số và tùy chọn
help-heading-common = Tùy chọn chung
help-usage-chungthu =
    chungthu LỆNH [TÙY CHỌN]
           chungthu TỆP.cer
help-after-chungthu = Chưa có thiết bị? Chạy thử: chungthu demo
help-command-install = Cài chứng thư trong tệp lên thiết bị giữ khóa của nó
help-usage-install = chungthu install [TÙY CHỌN] TỆP...
help-after-install = Chương trình tự tìm thiết bị và khóa, cho xem kế hoạch, hỏi, rồi hỏi mã PIN một lần. Không bao giờ động đến khóa.
help-install-files = Tệp .cer hoặc .p7b nơi cấp gửi về, hoặc thư mục chứa chúng; nếu có nhiều, lấy tệp thuộc thiết bị đang cắm; dấu - là đầu vào chuẩn
help-install-dry-run = Chỉ cho xem kế hoạch, không hỏi mã PIN, không ghi
help-install-keep-old = Không xóa chứng thư cũ
help-install-remove-old-first = Nếu không còn cách khác, xóa chứng thư cũ trước khi ghi (thiết bị đầy)
help-install-allow-final-try = Vẫn đăng nhập khi chỉ còn một lần nhập mã PIN
help-install-allow-expired = Vẫn cài chứng thư đã hết hạn
help-install-allow-older = Vẫn cài khi trên thiết bị đã có chứng thư mới hơn
help-install-allow-not-yet-valid = Vẫn cài chứng thư chưa có hiệu lực; giữ chứng thư cũ
help-command-restore = Đưa thiết bị về như lúc sao lưu
help-usage-restore = chungthu restore [TÙY CHỌN] BẢN-SAO-LƯU
help-after-restore = Bản sao lưu được ghi trước mỗi lần cài. Tên tệp không có đường dẫn được tìm trong thư mục sao lưu. Những gì đang có cũng được sao lưu trước.
help-restore-backup = Tệp .json của bản sao lưu
help-restore-dry-run = Chỉ cho xem kế hoạch, không hỏi mã PIN, không ghi
help-restore-keep-new = Giữ cả chứng thư đang có
help-restore-remove-old-first = Nếu không còn cách khác, xóa chứng thư đang có trước khi ghi lại
help-restore-allow-final-try = Vẫn đăng nhập khi chỉ còn một lần nhập mã PIN
help-command-tokens = Trình điều khiển, thiết bị đang cắm, tình trạng mã PIN
help-usage-tokens = chungthu tokens [TÙY CHỌN]
help-after-tokens = Không cần mã PIN. Thêm -v để biết đã tìm trình điều khiển ở đâu.
help-command-list = Khóa và chứng thư trên thiết bị
help-usage-list = chungthu list [TÙY CHỌN]
help-after-list = Không cần mã PIN. Khóa bí mật thường chỉ hiện sau khi đăng nhập, lệnh này không đăng nhập.
help-command-show = Giải thích tệp chứng thư
help-usage-show = chungthu show [TÙY CHỌN] TỆP...
help-after-show = Không cần thiết bị. Đọc được cả chứng thư của tổ chức chứng thực.
help-show-files = Tệp chứng thư, một hoặc nhiều
help-show-on-token = Xem các chứng thư trên thiết bị, không cần mã PIN
help-show-diff = So sánh hai chứng thư: những gì đã thay đổi
help-show-der = Ghi thêm chứng thư ra tệp này, dạng DER
help-show-pem = In dạng PEM thay cho lời giải thích
help-show-force = Ghi đè tệp đã có
help-command-health = Tình trạng thiết bị, khóa, chứng thư và mã PIN, và việc cần làm
help-usage-health = chungthu health [TÙY CHỌN]
help-after-health = Không cần mã PIN, trừ khi thử ký. Mã thoát 0 là tốt, 1 là có việc cần làm.
help-health-all = Kiểm tra tất cả thiết bị đang cắm
help-health-sign-test = Thử ký bằng khóa trên thiết bị (hỏi mã PIN một lần)
help-health-allow-final-try = Vẫn đăng nhập khi chỉ còn một lần nhập mã PIN
help-command-pin = Đổi mã PIN; mở khóa, hoặc cho biết ai mở được
help-usage-pin = chungthu pin change|unblock [TÙY CHỌN]
help-after-pin = Mỗi lần chạy chỉ thử một mã PIN đúng một lần. Khóa và chứng thư không bị động đến.
help-pin-action = change: đổi mã PIN; unblock: mở khóa
help-pin-new-pin-source = Mã PIN mới lấy từ đâu: như --pin-source, và phải là chỗ khác
help-pin-so-pin-source = Mã của quản trị viên (SO) lấy từ đâu; không có thì unblock chỉ giải thích
help-pin-allow-final-try = Vẫn thử khi chỉ còn một lần nhập
help-command-history = Những việc đã làm trên máy này
help-usage-history = chungthu history [TÙY CHỌN]
help-after-history = Không cần trình điều khiển, thiết bị hay mã PIN. Thêm --token để chỉ xem một thiết bị.
help-history-forget = Xóa lịch sử; bản sao lưu và nhật ký vẫn giữ nguyên
help-command-demo = Trình diễn việc cài đặt trên một thiết bị phần mềm
help-usage-demo = chungthu demo [TÙY CHỌN]
help-after-demo = Không cần thiết bị, không cần trả lời câu hỏi nào.
help-option-lang = Ngôn ngữ: vi (mặc định) hoặc en
help-option-json = In kết quả dạng JSON ra đầu ra chuẩn
help-option-module = Tệp trình điều khiển PKCS#11; dùng được nhiều lần
help-option-token = Thiết bị: số hiệu, tên hoặc URI pkcs11:, khi cắm nhiều thiết bị
help-option-pin-source = Mã PIN lấy từ đâu: prompt, stdin, file:ĐƯỜNG-DẪN, env:TÊN, token
help-option-ca = Tệp hoặc thư mục chứng thư của nơi cấp; dùng được nhiều lần
help-option-crl = Tệp hoặc thư mục danh sách thu hồi (CRL); dùng được nhiều lần
help-option-yes = Không hỏi lại trước khi ghi
help-option-color = Màu: auto, always, never
help-option-quiet = Chỉ in kết quả, câu hỏi, cảnh báo và lỗi
help-option-verbose = In thêm những gì đã thử
help-option-log-file = Ghi nhật ký kỹ thuật vào tệp này; không bao giờ có mã PIN
help-option-now = Tính theo ngày này thay cho đồng hồ máy, dạng 2026-11-23T00:00:00Z
help-option-help = In hướng dẫn này
help-option-version = In phiên bản
help-value-action = VIỆC
help-value-language = NGÔN-NGỮ
help-value-path = ĐƯỜNG-DẪN
help-value-which = THIẾT-BỊ
help-value-source = NGUỒN
help-value-when = KHI-NÀO
help-value-date = NGÀY
help-value-file = TỆP
help-value-backup = BẢN-SAO-LƯU

## health: một câu cho mỗi phát hiện, và việc cần làm
health-heading = Kiểm tra thiết bị “{ $label }” (số hiệu { $serial })
health-heading-nameless = Kiểm tra một thiết bị không có tên
health-verdict = Kết luận
health-verdict-good = TỐT. Không có việc gì phải làm.
health-verdict-attention = CẦN CHÚ Ý. Có { $count } việc nên làm, xem bên dưới.
health-verdict-problem = CÓ VẤN ĐỀ. Phải xử lý { $count } việc, xem bên dưới.
health-errors-heading = Phải xử lý
health-warnings-heading = Nên làm
health-notes-heading = Nên biết
health-passed-heading = Đã kiểm tra, tốt
health-next = Việc cần làm
health-and-more = và { $count } mục cùng loại; thêm --json để xem đủ
health-not-told = (không cho biết)
health-no-sign-test = Chưa thử ký. Muốn chắc khóa và mã PIN dùng được, chạy { -sign-test } (hỏi mã PIN một lần).
health-key-name = khóa { $kind } { $bits } bit
health-key-name-silent = khóa không cho biết loại
health-object-name = đối tượng số { $number }
health-name-with-serial = { $name } (số hiệu { $serial })
-sign-test = --sign-test

finding-driver-answers = Trình điều khiển { $name } { $version } hoạt động.
finding-driver-slow = Trình điều khiển khởi động rất lâu ({ $milliseconds } ms).
finding-driver-slow-next = Nếu phần mềm ký số báo không thấy thiết bị, chờ một phút rồi mở lại phần mềm đó. Nếu vẫn vậy, cài lại trình điều khiển của thiết bị.
finding-driver-nameless = Trình điều khiển không cho biết tên và phiên bản của nó.
finding-driver-ends-badly = Trình điều khiển gặp lỗi khi kết thúc ({ $problem }). Kết quả kiểm tra không bị ảnh hưởng.
finding-token-answers = Thiết bị “{ $label }” trả lời (loại { $model }, hãng { $manufacturer }).
finding-token-serial-note = Số hiệu đọc từ thiết bị là { $serial }. Số in trên vỏ có thể khác.
finding-token-serial-note-next = Khi điền “số hiệu thiết bị lưu khóa bí mật” vào đơn, đối chiếu với số in trên vỏ và biên bản giao thiết bị.
finding-token-no-serial = Thiết bị không cho biết số hiệu, nên không phân biệt được với thiết bị cùng loại.
finding-token-no-serial-next = Mỗi lần chỉ cắm một thiết bị. Khi điền đơn, dùng số in trên vỏ.
finding-token-not-initialized = Thiết bị chưa được khởi tạo nên chưa dùng được.
finding-token-not-initialized-next = Không tự khởi tạo. Thiết bị được cấp đã khởi tạo sẵn; báo cho cơ quan quản lý trực tiếp.
finding-token-is-store = Đây là kho chứng thư của các nơi cấp trên máy tính, không phải thiết bị của một người hay cơ quan.
finding-token-write-protected = Thiết bị chỉ cho đọc: không cài được chứng thư mới bằng trình điều khiển này.
finding-token-write-protected-next = Khi cần cài chứng thư mới, cài trình điều khiển của hãng thiết bị (bit4id hoặc SafeNet) rồi kiểm tra lại.
finding-token-memory = Bộ nhớ còn { $free } byte, đủ chỗ cho một chứng thư nữa.
finding-token-memory-low = Bộ nhớ chỉ còn { $free } byte, có thể không đủ chỗ cho chứng thư mới.
finding-token-memory-low-next = Đừng tự xóa gì. Khi cài chứng thư mới mà thiết bị báo đầy, chương trình sẽ nói cách làm an toàn.
finding-token-unreadable = Không đọc được những gì trên thiết bị: { $problem } ({ $function }, { $return_value }).
finding-token-unreadable-next = Rút thiết bị ra, cắm lại rồi kiểm tra lại. Nếu vẫn vậy, chạy { -doctor } và gửi báo cáo cho cán bộ công nghệ thông tin.
-doctor = chungthu doctor
finding-token-shows-nothing = Khi chưa nhập mã PIN, thiết bị không cho thấy khóa hay chứng thư nào.
finding-token-shows-nothing-next = Chạy chungthu list --login để xem sau khi đăng nhập. Nếu vẫn trống, thiết bị chưa được cấp chứng thư, hoặc đã bị xóa; báo cho cơ quan quản lý trực tiếp.

finding-pin-ready = Thiết bị không báo lần nhập sai mã PIN nào (có loại thiết bị không bao giờ báo).
finding-pin-low = Mã PIN đã bị nhập sai ít nhất một lần.
finding-pin-low-next = Tắt bộ gõ tiếng Việt trước khi nhập, và chỉ nhập khi chắc chắn nhớ đúng. Nhập đúng một lần là bộ đếm trở về như cũ.
finding-pin-final-try = Chỉ còn một lần nhập mã PIN. Nhập sai là thiết bị bị khóa.
finding-pin-final-try-next = Không nhập thử. Tìm lại mã PIN đúng đã; nếu không nhớ, liên hệ cơ quan quản lý trực tiếp trước khi thiết bị bị khóa.
finding-pin-locked = Mã PIN đã bị khóa: chưa ký được. Khóa bí mật và chứng thư vẫn còn trên thiết bị.
finding-pin-locked-next = Cơ quan quản lý trực tiếp gửi đề nghị khôi phục thiết bị theo Mẫu số { $form } của Nghị định 68/2024/NĐ-CP (trước đây là Mẫu { $form_before } của Thông tư 185/2019/TT-BQP). Không khởi tạo lại thiết bị; không dùng nó trong lúc được hướng dẫn mở khóa qua điện thoại.
finding-pin-to-be-changed = Thiết bị đòi đổi mã PIN trước khi dùng.
finding-pin-to-be-changed-next = Đổi mã PIN bằng chungthu pin change.
finding-pin-not-set = Thiết bị chưa có mã PIN của người dùng.
finding-pin-not-set-next = Hỏi nơi giao thiết bị; không tự đặt mã PIN bằng phần mềm khác.
finding-pin-failed-logins = Từ máy tính này đã có { $count } lần đăng nhập không thành, tính từ lần thành công gần nhất.
finding-pin-failed-logins-next = Chỉ nhập mã PIN khi chắc chắn nhớ đúng. Nếu đã đăng nhập đúng bằng phần mềm khác thì không sao.
finding-pin-not-reported = Trình điều khiển này không báo các lần nhập sai đó. Đừng tin là vẫn còn đủ số lần nhập.
finding-pin-record-unreadable = Không đọc được sổ đếm số lần đăng nhập không thành trên máy tính này.
finding-pin-record-unreadable-next = Chạy { -doctor } để biết tệp nào hỏng.
finding-pin-on-reader = Mã PIN được nhập trên đầu đọc hoặc trong cửa sổ của trình điều khiển.

finding-key-found = Có { $name }.
finding-keys-hidden = Khóa bí mật chỉ hiện sau khi nhập mã PIN; điều đó là bình thường.
finding-key-weak = { $name } quá ngắn so với yêu cầu hiện nay.
finding-key-weak-next = Đề nghị cấp chứng thư mới với khóa mới; gia hạn không thay được khóa.
finding-key-extractable = { $name } có thể bị lấy ra khỏi thiết bị. Khóa của thiết bị ký số đúng quy cách thì không lấy ra được.
finding-key-extractable-next = Báo cho nơi cấp thiết bị. Nếu đây là thiết bị phần mềm để thử nghiệm thì không sao.
finding-key-always-authenticate = { $name } đòi mã PIN cho mỗi lần ký.
finding-key-not-for-signing = { $name } không dùng để ký; thường là khóa để mã hóa.
finding-key-without-certificate = { $name } không có chứng thư nào trên thiết bị đi kèm.
finding-key-without-certificate-next = Nếu có tệp .cer của nơi cấp cho khóa này, cài bằng chungthu install. Không xóa khóa.
finding-keys-share-id = Có { $count } khóa mang cùng một mã định danh; phần mềm khác có thể lấy nhầm khóa.
finding-keys-share-id-next = Nếu phần mềm ký số chọn nhầm, báo cho nơi cấp thiết bị. chungthu ghép khóa theo nội dung nên không bị ảnh hưởng.
finding-key-without-id = { $name } không có mã định danh; phần mềm khác có thể không ghép được với chứng thư.
finding-key-without-id-next = Nếu phần mềm ký số không thấy chứng thư, báo cho nơi cấp thiết bị.

finding-certificate-valid = Chứng thư của { $name } còn { $days_left } ngày, đến { $not_after }.
finding-certificate-ends-soon = Chứng thư của { $name } chỉ còn { $days_left } ngày, đến { $not_after }.
finding-certificate-ends-soon-next = Chuẩn bị đề nghị gia hạn hoặc cấp mới ngay.
finding-certificate-expired = Chứng thư của { $name } đã hết hạn { $days_ago } ngày ({ $not_after }), và không có chứng thư nào mới hơn cho khóa đó.
finding-certificate-expired-next = Nếu đã nhận tệp .cer mới, cài bằng chungthu install. Nếu chưa: không gia hạn được nữa; đề nghị cấp mới theo Mẫu số { $form_person } (cá nhân) hoặc { $form_agency } (cơ quan, tổ chức) của Nghị định 68/2024/NĐ-CP (trước đây là Mẫu { $form_person_before } hoặc { $form_agency_before }).
finding-certificate-expired-left = Chứng thư cũ của { $name } (hết hạn { $not_after }) vẫn nằm cạnh chứng thư mới.
finding-certificate-not-yet-valid = Chứng thư của { $name } đến { $not_before } mới có hiệu lực; hôm nay theo máy tính là { $today }.
finding-certificate-not-yet-valid-next = Kiểm tra ngày giờ của máy tính. Nếu đúng, chờ đến ngày đó hãy dùng.
finding-certificate-without-key = Chứng thư của { $name } không có khóa bí mật trên thiết bị này, nên không ký được bằng nó.
finding-certificate-without-key-next = Khóa của nó có lẽ ở thiết bị khác. Cắm thiết bị đó và kiểm tra; không xóa chứng thư này khi chưa rõ.
finding-certificate-key-unknown = Khi chưa nhập mã PIN, không biết khóa của chứng thư { $name } có trên thiết bị hay không.
finding-certificate-duplicate = Chứng thư của { $name } có { $count } bản giống hệt nhau; phần mềm khác hiện nó nhiều lần.
finding-certificate-duplicate-next = Không cần làm gấp. Cài lại đúng tệp .cer đó bằng chungthu install sẽ bỏ bản trùng.
finding-certificates-share-key = { $name } có { $count } chứng thư còn hạn; phần mềm ký số, trình duyệt và Adobe Reader có thể lấy chứng thư cũ.
finding-certificates-share-key-next = Cài lại tệp .cer mới nhất bằng chungthu install để bỏ bản cũ (có sao lưu), rồi chọn lại chứng thư trong VGCASignService và hệ thống quản lý văn bản.
finding-certificate-id-differs = Chứng thư của { $name } không mang mã định danh của khóa; nhiều phần mềm sẽ báo không có khóa bí mật.
finding-certificate-id-differs-next = Cài lại tệp .cer đó bằng chungthu install: chương trình đặt đúng mã định danh.
finding-certificate-subject-differs = Tên chủ thể ghi kèm chứng thư của { $name } khác với tên trong chứng thư; phần mềm tìm theo tên sẽ không thấy.
finding-certificate-subject-differs-next = Nếu phần mềm ký số không thấy chứng thư, cài lại tệp .cer bằng chungthu install.
finding-certificate-for-encryption = Chứng thư của { $name } dùng để mã hóa, có tên kết thúc bằng “(M)”; phần mềm ký số bỏ qua nó.
finding-certificate-not-for-signing = Chứng thư của { $name } không ghi mục đích “chữ ký số” (chỉ có: { $key_usage }); có phần mềm không nhận.
finding-certificate-not-for-signing-next = Nếu phần mềm ký số từ chối chứng thư này, đề nghị cấp chứng thư mới.
finding-certificate-weak-signature = Chứng thư của { $name } được nơi cấp ký bằng thuật toán cũ ({ $algorithm }); trình duyệt và Adobe Reader có thể cảnh báo.
finding-certificate-weak-signature-next = Chữ ký của cơ quan vẫn tạo được. Khi hết hạn, chứng thư thế hệ mới (G2) sẽ thay thế.
finding-certificate-weak-key = Khóa { $type } { $bits } bit của chứng thư { $name } quá ngắn so với yêu cầu hiện nay.
finding-certificate-weak-key-next = Đề nghị cấp chứng thư mới với khóa mới; gia hạn không thay được khóa.
finding-authority-on-token = Trên thiết bị có chứng thư của nơi cấp { $name }; điều đó không sao.
finding-authorities-on-token = Trên thiết bị có { $count } chứng thư của các nơi cấp; điều đó không sao.
finding-object-unreadable = Có một đối tượng { $bytes } byte ghi là chứng thư nhưng không đọc được.
finding-object-unreadable-next = Có thể là phần còn lại của một lần cài bị ngắt. Không xóa bằng phần mềm khác; gửi báo cáo { -doctor } cho cán bộ công nghệ thông tin.

finding-issuer-government = Chứng thư của { $name } do hệ thống chuyên dùng công vụ cấp (thế hệ { $generation }), đã đối chiếu đến { $anchor }.
finding-issuer-trusted = Chữ ký của nơi cấp trên chứng thư của { $name } đúng, đối chiếu đến { $anchor } ({ $trusted_by ->
    [given] chứng thư đã được đưa vào
   *[system] máy tính này tin cậy
}).
finding-issuer-not-checked = Chứng thư của { $name } ghi là do hệ thống chuyên dùng công vụ cấp (thế hệ { $generation }); chưa đối chiếu được vì thiếu chứng thư của nơi cấp { $missing }.
finding-issuer-not-checked-next = Muốn đối chiếu, tải chứng thư của nơi cấp từ ca.gov.vn và thêm --ca TỆP.
finding-issuer-unknown = Chứng thư của { $name } do nơi cấp khác cấp: { $issuer }. Quy định gia hạn của hệ thống chuyên dùng công vụ không áp dụng cho nó.
finding-issuer-bad-signature = Chữ ký của nơi cấp trên chứng thư của { $name } KHÔNG đúng: chứng thư đã bị sửa hoặc bị làm giả.
finding-issuer-bad-signature-next = Không dùng chứng thư này. Xin lại tệp .cer từ nơi cấp và báo cho cơ quan quản lý trực tiếp.
finding-chain-problem = Chuỗi chứng thực của { $name } có điều cần chú ý ở { $authority }: { $problem ->
    [weak-signature] được ký bằng thuật toán cũ (SHA-1)
    [expired] nơi cấp đã hết hạn
    [not-yet-valid] nơi cấp chưa có hiệu lực
    [path-length] quá nhiều tầng nơi cấp so với giới hạn của nó
    [critical-extension] có điều kiện bắt buộc mà chương trình không hiểu
    [revoked] nơi cấp đã bị thu hồi
   *[issuer-may-not-sign] được ký bởi chứng thư không có quyền cấp chứng thư
}.
finding-chain-problem-next = Phần mềm khác có thể từ chối chữ ký. Hỏi nơi cấp, hoặc cập nhật chứng thư của nơi cấp trên máy tính.
finding-issuer-ends = Nơi cấp thế hệ 1 (G1) của chứng thư { $name } ngừng hiệu lực vào { $not_after }; từ đó mọi chứng thư G1 không còn dùng được.
finding-issuer-ends-next = Trước ngày đó, đề nghị cấp chứng thư thế hệ 2 (G2).
finding-issuer-ends-before = Nơi cấp hết hạn vào { $issuer_not_after }, sớm hơn chứng thư của { $name } ({ $not_after }); chứng thư chỉ dùng được đến ngày nơi cấp hết hạn.
finding-issuer-ends-before-next = Ghi ngày nơi cấp hết hạn vào sổ theo dõi và đề nghị cấp mới trước ngày đó.

finding-revocation-good = Chứng thư của { $name } không có trong danh sách thu hồi (danh sách có giá trị đến { $next_update }).
finding-certificate-revoked = Chứng thư của { $name } ĐÃ BỊ THU HỒI từ { $date } (lý do: { $reason ->
    [key-compromise] khóa bị lộ
    [ca-compromise] khóa của nơi cấp bị lộ
    [affiliation-changed] thay đổi thông tin hoặc nơi công tác
    [superseded] đã có chứng thư khác thay thế
    [cessation-of-operation] không dùng nữa
    [certificate-hold] tạm ngừng
    [privilege-withdrawn] không còn thẩm quyền
   *[unspecified] không ghi
}).
finding-certificate-revoked-next = Không ký bằng chứng thư này. Trả thiết bị theo biên bản Mẫu số { $form } của Nghị định 68/2024/NĐ-CP (trước đây là Mẫu { $form_before }), hoặc hỏi cơ quan quản lý trực tiếp nếu không rõ vì sao bị thu hồi.
finding-revocation-list-unusable = Danh sách thu hồi đã đưa vào không kết luận được cho chứng thư của { $name }: { $problem ->
    [stale] danh sách quá hạn từ { $next_update }
    [not-yet-valid] danh sách chưa đến ngày có hiệu lực
    [bad-signature] chữ ký của danh sách không đúng
    [other-issuer] danh sách của nơi cấp khác
   *[unsupported] danh sách thuộc loại chương trình không đọc
}.
finding-revocation-list-unusable-next = Tải danh sách thu hồi mới nhất từ địa chỉ ghi trong chứng thư rồi chạy lại với --crl TỆP.

finding-renewal-open = Chứng thư của { $name } có thể đề nghị gia hạn đến hết { $until } (phải còn ít nhất { $days_needed } ngày).
finding-renewal-open-next = Khi cần: Mẫu số { $form } của Nghị định 68/2024/NĐ-CP (trước đây là Mẫu { $form_before } của Thông tư 185/2019/TT-BQP), do cơ quan quản lý trực tiếp gửi. Điều kiện lấy từ Nghị định 130/2018/NĐ-CP, Điều 63.1; hãy đối chiếu Nghị định 68/2024/NĐ-CP, Điều 12.
finding-renewal-now = Chứng thư của { $name } sắp hết hạn: chỉ còn { $days } ngày, đến hết { $until }, để đề nghị gia hạn.
finding-renewal-now-next = Gửi ngay đề nghị gia hạn: Mẫu số { $form } của Nghị định 68/2024/NĐ-CP (trước đây là Mẫu { $form_before } của Thông tư 185/2019/TT-BQP), do cơ quan quản lý trực tiếp gửi. Điều kiện còn ít nhất { $days_needed } ngày lấy từ Nghị định 130/2018/NĐ-CP, Điều 63.1; hãy đối chiếu Nghị định 68/2024/NĐ-CP, Điều 12.
finding-renewal-too-late = Chứng thư của { $name } chỉ còn { $days_left } ngày; gia hạn phải còn ít nhất { $days_needed } ngày nên có lẽ không được nữa.
finding-renewal-too-late-next = Đề nghị cấp mới: Mẫu số { $form_person } (cá nhân) hoặc { $form_agency } (cơ quan, tổ chức) của Nghị định 68/2024/NĐ-CP (trước đây là Mẫu { $form_person_before } hoặc { $form_agency_before }). Giới hạn { $days_needed } ngày lấy từ Nghị định 130/2018/NĐ-CP, Điều 63.1; hỏi nơi nhận đơn xem Nghị định 68/2024/NĐ-CP, Điều 12 còn giữ hay không.
finding-renewal-used = Chứng thư của { $name } { $because ->
    [history] đã được gia hạn một lần (máy tính này đã cài bản gia hạn)
    [both-on-token] có lẽ đã được gia hạn một lần (trên thiết bị còn chứng thư trước của cùng khóa)
   *[validity] có lẽ đã được gia hạn một lần (thời hạn chỉ { $days_of_validity } ngày)
}; mỗi chứng thư chỉ được gia hạn một lần.
finding-renewal-used-next = Trước khi hết hạn vài tháng, đề nghị cấp mới: Mẫu số { $form_person } (cá nhân) hoặc { $form_agency } (cơ quan, tổ chức) của Nghị định 68/2024/NĐ-CP (trước đây là Mẫu { $form_person_before } hoặc { $form_agency_before }). Quy định một lần lấy từ Nghị định 130/2018/NĐ-CP, Điều 63.1; hãy đối chiếu Nghị định 68/2024/NĐ-CP, Điều 12.

finding-sign-test-passed = Đã thử ký: khóa của { $name } ký được và khớp với chứng thư.
finding-sign-test-failed = Thử ký không thành với { $name }: { $problem ->
    [not-signed] thiết bị không ký ({ $answer })
    [wrong-key] chữ ký không khớp với chứng thư
    [no-random] máy tính không cho số ngẫu nhiên
   *[unsupported-key] loại khóa này chương trình không kiểm tra được
}.
finding-sign-test-failed-next = Rút thiết bị ra, cắm lại rồi thử lại một lần. Nếu vẫn vậy, thiết bị có thể đã hỏng; báo cho cơ quan quản lý trực tiếp.

## chuỗi chứng thực, danh sách thu hồi
chain-label = Chuỗi chứng thực
chain-end-government = đúng là của hệ thống chuyên dùng công vụ
chain-end-given = tin cậy theo chứng thư của nơi cấp đã đưa vào
chain-end-system = máy tính này tin cậy
chain-end-self-signed = chứng thư gốc chưa ai xác nhận
chain-end-incomplete = chưa đủ: thiếu chứng thư của { $missing }
chain-end-bad-signature = chữ ký của { $by } không đúng
chain-problem-label = Điều cần chú ý
chain-problem-weak-signature = chứng thư của { $name } được ký bằng thuật toán cũ (SHA-1)
chain-problem-expired = nơi cấp { $name } đã hết hạn
chain-problem-not-yet-valid = nơi cấp { $name } chưa có hiệu lực
chain-problem-ends-before = nơi cấp { $name } hết hạn sớm hơn chứng thư này
chain-problem-path-length = dưới { $name } có nhiều tầng nơi cấp hơn giới hạn của nó
chain-problem-critical-extension = chứng thư của { $name } có điều kiện bắt buộc mà chương trình không hiểu ({ $oid })
chain-problem-issuer-may-not-sign = chứng thư của { $name } được ký bởi chứng thư không có quyền cấp
chain-revocation-label = Thu hồi
chain-revocation-good = không có trong danh sách thu hồi (danh sách có giá trị đến { $next_update })
chain-revocation-good-endless = không có trong danh sách thu hồi
chain-revoked = ĐÃ BỊ THU HỒI từ { $date } (lý do: { $reason ->
    [key-compromise] khóa bị lộ
    [ca-compromise] khóa của nơi cấp bị lộ
    [affiliation-changed] thay đổi thông tin hoặc nơi công tác
    [superseded] đã có chứng thư khác thay thế
    [cessation-of-operation] không dùng nữa
    [certificate-hold] tạm ngừng
    [privilege-withdrawn] không còn thẩm quyền
   *[unspecified] không ghi
})
chain-revocation-stale = chưa rõ: danh sách đã quá hạn từ { $next_update }
chain-revocation-not-yet-valid = chưa rõ: danh sách chưa đến ngày có hiệu lực
chain-revocation-bad-signature = chưa rõ: chữ ký của danh sách không đúng
chain-revocation-other-issuer = chưa rõ: danh sách của nơi cấp khác
chain-revocation-unsupported = chưa rõ: chưa kiểm tra được danh sách (thiếu chứng thư của nơi cấp, hoặc danh sách thuộc loại chương trình không đọc)

## pin
pin-step = Đổi mã PIN, rồi đăng nhập thử bằng mã mới qua một chương trình riêng
pin-changed = Đã đổi mã PIN.
pin-unblocked = Đã mở khóa và đặt mã PIN mới.
pin-verified = Đã đăng nhập thử bằng mã PIN mới: thiết bị nhận. Khóa và chứng thư không bị thay đổi gì.
pin-not-verified = Chưa đăng nhập thử được bằng mã PIN mới. Khóa và chứng thư không bị thay đổi gì.
pin-keep-it = Giữ mã PIN như giữ con dấu: không ghi lên thiết bị, không đưa cho người khác. Chương trình không lưu lại mã nào.
pin-other-programs = Nếu phần mềm ký số có lưu mã PIN cũ, sửa lại ở đó ngay: phần mềm tự thử mã cũ nhiều lần có thể làm khóa thiết bị.
pin-explain-heading = Mở khóa (khôi phục) thiết bị
pin-explain-who = Thiết bị của hệ thống chuyên dùng công vụ bị khóa thì chỉ nơi cấp mới mở được (Nghị định 68/2024/NĐ-CP, Điều 22). Khóa bí mật và chứng thư vẫn còn nguyên. Lệnh này chưa động đến thiết bị nào.
pin-explain-stop = Không thử thêm mã PIN nào và không khởi tạo lại thiết bị: khởi tạo lại là xóa mất khóa.
pin-explain-form = Cơ quan quản lý trực tiếp lập đề nghị khôi phục theo Mẫu số 06 của Nghị định 68/2024/NĐ-CP (trước đây là Mẫu 11, 12 của Thông tư 185/2019/TT-BQP). Số hiệu thiết bị xem bằng chungthu tokens, không cần mã PIN.
pin-explain-where = Gửi Cục Chứng thực số và Bảo mật thông tin, hoặc Sở Khoa học và Công nghệ nơi được ủy quyền (tùy tỉnh).
pin-explain-telephone = Nơi cấp gọi điện cho người phối hợp và hướng dẫn mở khóa. Từ lúc đó đến khi xong, không dùng thiết bị vào việc gì khác, kể cả chương trình này.
pin-explain-after = Xong thì đặt mã PIN mới, rồi kiểm tra bằng chungthu health.
pin-explain-officer = Với thiết bị của tổ chức khác mà cơ quan giữ mã của quản trị viên (SO), chạy lại với --so-pin-source prompt.
