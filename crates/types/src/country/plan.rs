//! Which country a telephone number is from: the country codes of ITU-T E.164 and, where one code is
//! shared, the digits behind it that tell.

use super::Country;
use crate::PhoneNumber;

impl Country {
    /// The country that a number's first digits name; none where they name no country, as those of
    /// networks and of the numbers that North America keeps for fiction (555) do.
    #[must_use]
    pub fn of_number(number: &PhoneNumber) -> Option<Self> {
        let digits = number.digits();
        match digits.strip_prefix('1') {
            Some(national) => north_american(national),
            None => longest(PLAN, digits),
        }
        .and_then(|letters| letters.parse().ok())
    }
}

/// The countries behind `1` share one plan of three-digit areas.
fn north_american(national: &str) -> Option<&'static str> {
    let area = national.get(..3)?;
    if CANADA.split_whitespace().any(|it| it == area) {
        return Some("CA");
    }
    if NO_COUNTRY.split_whitespace().any(|it| it == area) {
        return None;
    }
    longest(ISLANDS, area).or(Some("US"))
}

/// The country of the longest code that the digits begin with.
fn longest(plan: &'static str, digits: &str) -> Option<&'static str> {
    plan.split_whitespace()
        .filter_map(|entry| entry.split_once('='))
        .filter(|(code, _)| digits.starts_with(code))
        .max_by_key(|(code, _)| code.len())
        .map(|(_, country)| country)
}

const PLAN: &str = "
    20=EG 211=SS 212=MA 213=DZ 216=TN 218=LY 220=GM 221=SN 222=MR 223=ML 224=GN 225=CI 226=BF 227=NE
    228=TG 229=BJ 230=MU 231=LR 232=SL 233=GH 234=NG 235=TD 236=CF 237=CM 238=CV 239=ST 240=GQ 241=GA
    242=CG 243=CD 244=AO 245=GW 246=IO 247=AC 248=SC 249=SD 250=RW 251=ET 252=SO 253=DJ 254=KE 255=TZ
    256=UG 257=BI 258=MZ 260=ZM 261=MG 262=RE 263=ZW 264=NA 265=MW 266=LS 267=BW 268=SZ 269=KM 27=ZA
    290=SH 291=ER 297=AW 298=FO 299=GL
    30=GR 31=NL 32=BE 33=FR 34=ES 350=GI 351=PT 352=LU 353=IE 354=IS 355=AL 356=MT 357=CY 358=FI
    359=BG 36=HU 370=LT 371=LV 372=EE 373=MD 374=AM 375=BY 376=AD 377=MC 378=SM 379=VA 380=UA 381=RS
    382=ME 383=XK 385=HR 386=SI 387=BA 389=MK 39=IT
    40=RO 41=CH 420=CZ 421=SK 423=LI 43=AT 44=GB 45=DK 46=SE 47=NO 48=PL 49=DE
    500=FK 501=BZ 502=GT 503=SV 504=HN 505=NI 506=CR 507=PA 508=PM 509=HT 51=PE 52=MX 53=CU 54=AR
    55=BR 56=CL 57=CO 58=VE 590=GP 591=BO 592=GY 593=EC 594=GF 595=PY 596=MQ 597=SR 598=UY 599=CW
    60=MY 61=AU 62=ID 63=PH 64=NZ 65=SG 66=TH 670=TL 672=NF 673=BN 674=NR 675=PG 676=TO 677=SB 678=VU
    679=FJ 680=PW 681=WF 682=CK 683=NU 685=WS 686=KI 687=NC 688=TV 689=PF 690=TK 691=FM 692=MH
    7=RU 76=KZ 77=KZ
    81=JP 82=KR 84=VN 850=KP 852=HK 853=MO 855=KH 856=LA 86=CN 880=BD 886=TW
    90=TR 91=IN 92=PK 93=AF 94=LK 95=MM 960=MV 961=LB 962=JO 963=SY 964=IQ 965=KW 966=SA 967=YE
    968=OM 970=PS 971=AE 972=IL 973=BH 974=QA 975=BT 976=MN 977=NP 98=IR 992=TJ 993=TM 994=AZ 995=GE
    996=KG 998=UZ";

const CANADA: &str = "
    204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 403 416 418 428 431 437 438 450 460
    468 474 506 514 519 548 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807
    819 825 867 873 879 902 905 942";

const ISLANDS: &str = "
    242=BS 246=BB 264=AI 268=AG 284=VG 340=VI 345=KY 441=BM 473=GD 649=TC 658=JM 664=MS 670=MP 671=GU
    684=AS 721=SX 758=LC 767=DM 784=VC 787=PR 809=DO 829=DO 849=DO 868=TT 869=KN 876=JM 939=PR";

/// Areas that belong to no place: toll-free, personal and premium numbers, and fiction.
const NO_COUNTRY: &str = "
    500 521 522 523 524 525 526 527 528 529 533 544 555 566 577 588 600 622 700 710 800 822 833 844
    855 866 877 888 900";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_name_their_country() {
        for (digits, country) in [
            ("14085551234", Some("US")),
            ("14165551234", Some("CA")),
            ("18765551234", Some("JM")),
            ("4915112345678", Some("DE")),
            ("5511912345678", Some("BR")),
            ("59171234567", Some("BO")),
            ("201001234567", Some("EG")),
            ("2348031234567", Some("NG")),
            ("84912345678", Some("VN")),
            ("905321234567", Some("TR")),
            ("79161234567", Some("RU")),
            ("77011234567", Some("KZ")),
        ] {
            let number = digits.parse().expect("a number");
            let found = Country::of_number(&number);
            assert_eq!(found.as_ref().map(Country::as_str), country, "{digits}");
        }
    }

    #[test]
    fn what_names_no_country_is_from_nowhere() {
        for digits in ["15550783881", "18005551234", "88213123456", "999151234567"] {
            let number = digits.parse().expect("a number");
            assert_eq!(Country::of_number(&number), None, "{digits}");
        }
    }
}
