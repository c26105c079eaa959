package io.github.sessionaware.clientinfo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.ClientInfo;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names and kinds of devices, one table for each kind of mistake that a reader of user agents can make. */
class DevicesTest {
    private static final ClientInfoReader READER = ClientInfoReader.builder().build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "iPad or Mac | TABLET | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
                "iPad or Mac | TABLET | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) MyShop/3.2",
                "macOS | DESKTOP | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_5) AppleWebKit/537.78.2 (KHTML, like Gecko)",
                "iPad | TABLET | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
                "Android | PHONE | Mozilla/5.0 (Linux; Android 14; MT7-L09; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 PlayStation App/4.20.5/nl-NL",
                "Chrome on Windows | DESKTOP | Mozilla/5.0 (Windows NT 6.1; Tabletop Simulator 1.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/48.0.2556.0 Safari/537.36",
                "iTunes 12.7 | DESKTOP | iTunes/12.7.4 (Macintosh; OS X 10.13.4) AppleWebKit/605.1.33.1.4",
                "iPad | TABLET | Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
                "iPhone | PHONE | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
                "iPhone | PHONE | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 My TV/3",
                "Android | PHONE | Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36",
                "Android | TABLET | Mozilla/5.0 (Linux; Android 14; SM-X710 Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Safari/537.36",
                "Facebook on Android | PHONE | Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/470.0.0.39.82;]",
                "Facebook on iPhone | PHONE | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/470.0.0.39.82;FBDV/iPhone14,5;FBSN/iOS]",
                "Facebook on iPad | TABLET | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) [FBAN/FBIOS;FBAV/470.0.0.39.82;FBDV/iPad13,1;FBSN/iPadOS]",
                "Instagram on iPhone | PHONE | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 335.0.0.27.101 (iPhone14,5; iOS 17_5; en_US)",
                "Instagram on iPad | TABLET | Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 335.0.0.27.101 (iPad13,1; iPadOS 17_5; en_US)",
                "Windows | DESKTOP | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) MyShop/4.2 Chrome/124.0.6367.207 Electron/30.0.6 Safari/537.36",
                "Linux | DESKTOP | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko)",
            })
    void webViewsOfAppsAreNotBrowsers(String name, DeviceKind kind, String userAgent) {
        check(name, kind, userAgent);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "Chrome on iPad | TABLET | Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.35 Mobile/15E148 Safari/604.1",
                "Chrome on iPad | TABLET | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.0.0 Version/17.0 Safari/605.1.15",
                "Firefox on iPad | TABLET | Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/127.0 Mobile/15E148 Safari/605.1.15",
                "Firefox on iPad | TABLET | Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/127  Safari/605.1.15",
                "Edge on iPad | TABLET | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 EdgiOS/126.0.2592.56 Safari/605.1.15",
                "Edge on iPhone | PHONE | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 EdgiOS/126.0.2592.56 Mobile/15E148 Safari/605.1.15",
                "Opera on iPhone | PHONE | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1 OPT/4.7.0",
                "Opera on iPad | TABLET | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15 OPT/4.7.0",
                "Opera Mini on iPhone | PHONE | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) OPiOS/16.0.15.124050 Mobile/15E148 Safari/9537.53",
                "DuckDuckGo on iPhone | PHONE | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15",
                "DuckDuckGo on iPhone | PHONE | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1 Ddg/17.5",
                "DuckDuckGo on iPad | TABLET | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15",
                "DuckDuckGo on macOS | DESKTOP | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15 Ddg/17.5",
                "Google on iPhone | PHONE | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/320.0.642151894 Mobile/15E148 Safari/604.1",
                "Google on iPad | TABLET | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/320.0.642151894 Safari/604.1",
                "Safari on iPod | PHONE | Mozilla/5.0 (iPod touch; CPU iPhone OS 12_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.0 Mobile/15E148 Safari/604.1",
                "Chrome on macOS | DESKTOP | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                "Firefox on macOS | DESKTOP | Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0",
            })
    void browsersOnAppleSystemsKeepTheirNamesInDesktopMode(String name, DeviceKind kind, String userAgent) {
        check(name, kind, userAgent);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "Googlebot | PROGRAM | Mozilla/5.0 (Linux; Android 14; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                "bingbot | PROGRAM | Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/103.0.5060.134 Safari/537.36",
                "bingbot 2.0 | PROGRAM | bingbot/2.0",
                "AhrefsBot | PROGRAM | Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
                "AhrefsBot 7.0 | PROGRAM | AhrefsBot/7.0 (Android)",
                "Applebot | PROGRAM | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15 (Applebot/0.1)",
                "GPTBot | PROGRAM | Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
                "TelegramBot | PROGRAM | TelegramBot (like TwitterBot)",
                "AdsBot-Google | PROGRAM | AdsBot-Google (Android)",
                "ShopBotSDK 3 | PROGRAM | ShopBotSDK/3 (iPhone)",
                "archive.org_bot 1 | PROGRAM | archive.org_bot/1 (Android)",
                "Baiduspider | PROGRAM | Mozilla/5.0 (compatible; Baiduspider/2.0; Android)",
                "Sogou web spider 4.0 | PROGRAM | Sogou web spider/4.0 (Android)",
                "crawler4j | PROGRAM | crawler4j (Android)",
                "HeadlessChrome | PROGRAM | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36",
                "Chrome on Android | PHONE | Mozilla/5.0 (Linux; Android 14; CUBOT_X18_Plus) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
                "Chrome on Android | PHONE | Mozilla/5.0 (Linux; Android 14; Cubot Dinosaur) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
                "AbbottLibre 2 | PHONE | AbbottLibre/2 (iPhone; iOS 17.5)",
                "ABBOTT 2 | PHONE | ABBOTT/2 (iPhone; iOS 17.5)",
                "Abbot 2 | PHONE | Abbot/2 CFNetwork/1494 Darwin/23.4.0",
                "My Abbot 2 | PHONE | My%20Abbot/2 CFNetwork/1494 Darwin/23.4.0",
                "Botim 3 | PHONE | Botim/3 (Android 14)",
                "Boté 3 | PHONE | Bot%C3%A9/3 CFNetwork/1494 Darwin/23.4.0",
                "iRobot Home 5 | PHONE | iRobot%20Home/5 CFNetwork/1494 Darwin/23.4.0",
                "Talbots 5 | PHONE | Talbots/5 (iPhone)",
                "Spiderman 1 | PHONE | Spiderman/1 (Android 14)",
                "Spider Solitaire 4.1 | PHONE | Spider%20Solitaire/4.1 CFNetwork/1494 Darwin/23.4.0",
                "Pub Crawl 2 | PHONE | Pub%20Crawl/2 CFNetwork/1494 Darwin/23.4.0",
            })
    void aRobotIsAWordAndNotAPartOfOne(String name, DeviceKind kind, String userAgent) {
        check(name, kind, userAgent);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "微信 8.0 | PHONE | %E5%BE%AE%E4%BF%A1/8.0.49 CFNetwork/1494.0.7 Darwin/23.4.0",
                "Café Olé 2.1 | PHONE | Caf%C3%A9%20Ol%c3%a9/2.1 CFNetwork/1494 Darwin/23.4.0",
                "Наш магазин 3 | PHONE | %D0%9D%D0%B0%D1%88%20%D0%BC%D0%B0%D0%B3%D0%B0%D0%B7%D0%B8%D0%BD/3 CFNetwork/1494 Darwin/23.4.0",
                "हिन्दी 1 | PHONE | %E0%A4%B9%E0%A4%BF%E0%A4%A8%E0%A5%8D%E0%A4%A6%E0%A5%80/1 CFNetwork/1494 Darwin/23.4.0",
                "Shop & Go 1.0 | PHONE | Shop%20%26%20Go/1.0 CFNetwork/1494 Darwin/23.4.0",
                "Shop 7 | PHONE | Shop/7 CFNetwork/1494 Darwin/23.4.0",
                "A B 1 | PHONE | A%2FB/1 CFNetwork/1494 Darwin/23.4.0",
                "A B 1 | PHONE | A%00%0D%0A%7F%C2%85B/1 CFNetwork/1494 Darwin/23.4.0",
                "A B 1 | PHONE | A%E2%80%AEB/1 CFNetwork/1494 Darwin/23.4.0",
                "A B 1 | PHONE | A%C0%AFB/1 CFNetwork/1494 Darwin/23.4.0",
                "A B 1 | PHONE | A%ED%A0%80B/1 CFNetwork/1494 Darwin/23.4.0",
                "A B 1 | PHONE | A%E5%BEB/1 CFNetwork/1494 Darwin/23.4.0",
                "A script B 1 | PHONE | A%3Cscript%3EB/1 CFNetwork/1494 Darwin/23.4.0",
                "A Android B 1 | PHONE | A%20%28Android%3B%20B/1 CFNetwork/1494 Darwin/23.4.0",
                "A 2FB 1 | PHONE | A%252FB/1 CFNetwork/1494 Darwin/23.4.0",
                "7-Eleven 5 | PHONE | 7-Eleven/5 CFNetwork/1494 Darwin/23.4.0",
                " | PHONE | A%/1 CFNetwork/1494 Darwin/23.4.0",
                " | PHONE | A%zzB%4/1 CFNetwork/1494 Darwin/23.4.0",
                " | PHONE | %F0%9F%9B%92/1 CFNetwork/1494 Darwin/23.4.0",
                " | PROGRAM | %2F%2F",
            })
    void encodedNamesOfAppsAreDecodedWithoutTheirSyntax(String name, DeviceKind kind, String userAgent) {
        check(name, kind, userAgent);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "MyMac 1 | DESKTOP | MyMac/1 CFNetwork/978.0.7 Darwin/18.5.0 (x86_64)",
                "My Shop 1.2 | DESKTOP | My Shop/1.2.3 (com.example.shop; build:7; macOS 14.5.0) Alamofire/5.9.0",
                "My Shop 1.2 | PHONE | My Shop/1.2.3 (com.example.shop; build:7; iOS 17.5.0) Alamofire/5.9.0",
                "My Shop 1.2 | TABLET | My Shop/1.2.3 (iPad; iOS 17.5; Scale/2.00)",
                "My Shop 1.2 | TABLET | My Shop/1.2.3 (com.example.shop; iPad13,1; iPadOS 17.5.0)",
                "My Shop 1.2 | TELEVISION | My Shop/1.2.3 (com.example.shop; build:7; tvOS 17.5.0) Alamofire/5.9.0",
                "My Shop 1.2 | WATCH | My Shop/1.2.3 (com.example.shop; build:7; watchOS 10.5.0) Alamofire/5.9.0",
                "MyShop-iOS 3 | PHONE | MyShop-iOS/3",
                "MyShop-Android 3 | PHONE | MyShop-Android/3",
                "Android | PHONE | Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/UP1A)",
                "Fire TV | TELEVISION | Dalvik/2.1.0 (Linux; U; Android 9; AFTKA Build/PS7233)",
                "iPhone | PHONE | AppleCoreMedia/1.0.0.20F66 (iPhone; U; CPU OS 16_5 like Mac OS X; en_us)",
                "AppleCoreMedia 1.0 | DESKTOP | AppleCoreMedia/1.0.0.19H12 (Macintosh; U; Intel Mac OS X 10_15_7; en_us)",
                "Kindle 1 | PHONE | Kindle/1 CFNetwork/1494 Darwin/23.4.0",
                "PlayStation App 24.2 | PHONE | PlayStation%20App/24.2 CFNetwork/1494 Darwin/23.4.0",
                "Xbox 2402 | PHONE | Xbox/2402 CFNetwork/1494 Darwin/23.4.0",
                "Apple Watch Faces 2 | PHONE | Apple%20Watch%20Faces/2 CFNetwork/1494 Darwin/23.4.0",
                "Sky TV 2 | PHONE | Sky%20TV/2 CFNetwork/1494 Darwin/23.4.0",
                "Dart 3.3 | PROGRAM | Dart/3.3 (dart:io)",
                "Python-urllib 3.12 | PROGRAM | Python-urllib/3.12",
                "axios 1.6 | PROGRAM | axios/1.6.8",
                "Apache-HttpClient 4.5 | PROGRAM | Apache-HttpClient/4.5.14 (Java/17.0.11)",
                "Automobile 3 | PROGRAM | Automobile/3 (automobile)",
            })
    void programsFollowWhatTheySayOfTheirDevice(String name, DeviceKind kind, String userAgent) {
        check(name, kind, userAgent);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "PlayStation 5 | CONSOLE | Mozilla/5.0 (PlayStation; PlayStation 5/6.50) AppleWebKit/605.1.15 (KHTML, like Gecko)",
                "PlayStation 5 | CONSOLE | Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 Safari/605.1.15",
                "PlayStation 4 | CONSOLE | Mozilla/5.0 (PlayStation 4 11.00) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.4 Safari/605.1.15",
                "PlayStation 3 | CONSOLE | Mozilla/5.0 (PLAYSTATION 3; 4.21) AppleWebKit/531.22.8 (KHTML, like Gecko)",
                "PlayStation Vita | CONSOLE | Mozilla/5.0 (PlayStation Vita 3.74) AppleWebKit/537.73 (KHTML, like Gecko) Silk/3.2",
                "PlayStation Portable | CONSOLE | Mozilla/4.0 (PSP (PlayStation Portable); 2.00)",
                "Xbox | CONSOLE | Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/58.0.3029.110 Safari/537.36 Edge/16.16299",
                "Xbox | CONSOLE | Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox Series X) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/115.0.0.0 Safari/537.36 Edg/115.0.1901.183",
                "Nintendo Switch | CONSOLE | Mozilla/5.0 (Nintendo Switch; WebApplet) AppleWebKit/609.4 (KHTML, like Gecko) NF/6.0.2.20.5 NintendoBrowser/5.1.0.22474",
                "Nintendo WiiU | CONSOLE | Mozilla/5.0 (Nintendo WiiU) AppleWebKit/536.28 (KHTML, like Gecko) NX/3.0.3.12.6 NintendoBrowser/2.0.0.9362.US",
                "Nintendo Wii | CONSOLE | Opera/9.30 (Nintendo Wii; U; ; 2047-7; en)",
                "Nintendo 3DS | CONSOLE | Mozilla/5.0 (New Nintendo 3DS like iPhone) AppleWebKit/536.30 (KHTML, like Gecko) NX/3.0.0.5.15 Mobile NintendoBrowser/1.3.10126.EU",
                "Meta Quest | CONSOLE | Mozilla/5.0 (X11; Linux x86_64; Quest 3) AppleWebKit/537.36 (KHTML, like Gecko) OculusBrowser/33.0 Chrome/124.0.0.0 VR Safari/537.36",
                "Meta Quest | CONSOLE | Mozilla/5.0 (Linux; Android 12; Quest 3) AppleWebKit/537.36 (KHTML, like Gecko) OculusBrowser/33.0 Chrome/124.0.0.0 Mobile VR Safari/537.36",
                "Samsung TV | TELEVISION | Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) 76.0.3809.146/6.0 TV Safari/537.36",
                "Samsung TV | TELEVISION | Mozilla/5.0 (Linux; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/4.0 Chrome/94.0 TV Safari/537.36",
                "LG TV | TELEVISION | Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.128 Safari/537.36 WebAppManager",
                "LG TV | TELEVISION | Mozilla/5.0 (Linux; NetCast; U) AppleWebKit/537.31 (KHTML, like Gecko) Chrome/53.0.2785.34 Safari/537.31 SmartTV/6.0",
                "Android TV | TELEVISION | Mozilla/5.0 (Linux; Android 14; BRAVIA 4K UR2) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36",
                "Android TV | TELEVISION | Mozilla/5.0 (Linux; Android 14; Android TV; AndroidTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Mobile Safari/537.36",
                "Chromecast | TELEVISION | Mozilla/5.0 (X11; Linux armv7l) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0.4430.225 Safari/537.36 CrKey/1.56.500000 DeviceType/Chromecast",
                "Fire TV | TELEVISION | Mozilla/5.0 (Linux; Android 14; AFTSSS) AppleWebKit/537.36 (KHTML, like Gecko) Silk/126.1.1 like Chrome/126.0.0.0 Safari/537.36",
                "Fire TV | TELEVISION | Mozilla/5.0 (Linux; Android 14; AFTMM Build/NS6265; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36",
                "Roku | TELEVISION | Roku/DVP-12.0 (12.0.0.4182-46)",
                "Roku | TELEVISION | Roku4640X/DVP-7.70 (297.70E04154A)",
                "Roku | TELEVISION | Mozilla/5.0 (Roku/DVP-9.10; Roku TV) AppleWebKit/537.36",
                "TV | TELEVISION | HbbTV/1.2.1 (;Panasonic;VIERA 2013;3.672;4101-0003 0002-0000;)",
                "Samsung TV | TELEVISION | Mozilla/5.0 (Linux; U; Linux; ja-jp; HbbTV/1.4.1 (+DRM;Samsung;SmartTV2021;T-HKM6DEUC-1490.3;;) ) AppleWebKit/537.36",
                "LG TV | TELEVISION | Mozilla/5.0 (Linux armv7l) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0 Safari/537.36 HbbTV/1.5.1 (+DRM;LGE;OLED55C1;3.21;WEBOS6.0;)",
                "TV | TELEVISION | Opera/9.80 (Linux armv7l; HbbTV/1.2.1 (; Philips; 40HFL3010T12; ; PHILIPSTV; NETTV/4.4.1) ) Presto/2.12.407 Version/12.50",
                "TV | TELEVISION | Mozilla/5.0 (Linux; Android 14; POV_TV-HDMI-200BT Build/JRO03H) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Safari/534.30",
                "TV | TELEVISION | Mozilla/5.0 (Linux; Android 14; Trendingz tv box Build/MHC19J; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/44.0.2403.119 Safari/537.36",
                "TV | TELEVISION | Mozilla/5.0 (Linux; Andr0id 9; Smart TV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/86.0 Safari/537.36",
                "Apple TV | TELEVISION | AppleTV11,1/11.1",
                "Apple TV | TELEVISION | AppleTV6,2/16J364",
                "MyTV 3 | TELEVISION | MyTV/3 CFNetwork/1494.0.7 Darwin/23.4.0 (AppleTV)",
                "Apple TV | TELEVISION | AppleCoreMedia/1.0.0.21J354 (Apple TV; U; CPU OS 17_0 like Mac OS X; en_us)",
                "Apple TV | TELEVISION | Mozilla/5.0 (AppleTV; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15",
                "MyWatch 1.0 | WATCH | MyWatch/1.0 (Apple Watch; watchOS 10.5)",
                "Apple Watch | WATCH | Mozilla/5.0 (Apple Watch; CPU WatchOS 10 like Mac OS X; WatchApp) AppleWebKit/605.1.15 (KHTML, like Gecko)",
                "Apple Watch | WATCH | Watch6,1/10.5 (21T576)",
                "Samsung watch | WATCH | Mozilla/5.0 (Linux; Tizen 4.0; SAMSUNG SM-R810) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/1.0 Mobile Safari/537.36",
                "Samsung watch | WATCH | Mozilla/5.0 (Linux; Android 14; SM-R870 Build/RWX) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
                "Wear OS | WATCH | Mozilla/5.0 (Linux; Android 14; Google Pixel Watch 2 Build/TWD9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
                "Wear OS | WATCH | Mozilla/5.0 (Linux; Android 14; G Watch R Build/LWX48P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
                "Wear OS | WATCH | Mozilla/5.0 (Linux; Android 14; SmartWatch 3 Build/LWX49K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
                "Wear OS | WATCH | Mozilla/5.0 (Linux; Android 14; ASUS ZenWatch 2 Build/LCA49B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
                "MyHeart 2 | WATCH | MyHeart/2 (Wear OS; Android 13)",
            })
    void consolesTelevisionsAndWatchesHaveKindsOfTheirOwn(String name, DeviceKind kind, String userAgent) {
        check(name, kind, userAgent);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "Samsung Internet on Android | PHONE | Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
                "Samsung Internet on Tizen | PHONE | Mozilla/5.0 (Linux; Tizen 2.3; SAMSUNG SM-Z130H) AppleWebKit/537.3 (KHTML, like Gecko) SamsungBrowser/1.1 Mobile Safari/537.3",
                "Huawei Browser on Android | PHONE | Mozilla/5.0 (Linux; Android 14; HarmonyOS; ELS-NX9; HMSCore 6.13) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.5735.196 HuaweiBrowser/15.0.4.300 Mobile Safari/537.36",
                "Huawei Browser on HarmonyOS | PHONE | Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile HuaweiBrowser/5.0.4.300",
                "Huawei Browser on HarmonyOS | TABLET | Mozilla/5.0 (Tablet; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 HuaweiBrowser/5.0.4.300",
                "Amazon Silk on Fire tablet | TABLET | Mozilla/5.0 (Linux; Android 14; KFTRWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/126.1.1 like Chrome/126.0.0.0 Safari/537.36",
                "Kindle | TABLET | Mozilla/5.0 (X11; U; Linux armv7l like Android; en-us) AppleWebKit/531.2+ (KHTML, like Gecko) Version/5.0 Safari/533.2+ Kindle/3.0+",
                "PocketBook | TABLET | Mozilla/5.0 (Linux; Android; pl_PL) AppleWebKit/534.34 PocketBook/631 (screen 1072x1448) Mobile",
                "Edge on Android | PHONE | Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36 EdgA/126.0.0.0",
                "Opera on Android | PHONE | Mozilla/5.0 (Linux; Android 14; SM-A515F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36 OPR/83.0.0.0",
                "DuckDuckGo on Android | PHONE | Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36 Ddg/126.0",
                "Yandex Browser on Windows | DESKTOP | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 YaBrowser/24.4.0 Safari/537.36",
                "Opera Mini on Android | PHONE | Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16",
                "Opera Mini on Symbian OS | PHONE | Opera/9.80 (Series 60; Opera Mini/7.0.32464/28.3392; U; en) Presto/2.8.119 Version/11.10",
                "Opera Mini on iPhone | PHONE | Opera/9.80 (iPhone; Opera Mini/8.0.0/34.2336; U; en) Presto/2.8.119 Version/11.10",
                "IE on Windows Phone | PHONE | Mozilla/5.0 (Mobile; Windows Phone 8.1; Android 4.0; ARM; Trident/7.0; Touch; rv:11.0; IEMobile/11.0; NOKIA; Lumia 635) like iPhone OS 7_0_3 Mac OS X AppleWebKit/537 (KHTML, like Gecko) Mobile Safari/537",
                "Edge on Windows Phone | PHONE | Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15254",
                "Chrome on Android | TABLET | mozilla/5.0 (Linux; Android 5.1.1; element10 build/lmy48g) applewebkit/537.36 (khtml, like gecko) Chrome/55.0.2883.91 Safari/537.36",
                "IE on Windows | DESKTOP | Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; Tablet PC 2.0)",
                "Chromium on Tesla | TABLET | Mozilla/5.0 (X11; GNU/Linux) AppleWebKit/537.36 (KHTML, like Gecko) Chromium/79.0.3945.130 Chrome/79.0.3945.130 Safari/537.36 Tesla/2020.16.2.1-e99c70fff409",
                "Tesla | TABLET | Mozilla/5.0 (X11; GNU/Linux) AppleWebKit/601.1 (KHTML, like Gecko) Tesla QtCarBrowser Safari/601.1",
                "Firefox on FreeBSD | DESKTOP | Mozilla/5.0 (X11; FreeBSD amd64; rv:127.0) Gecko/20100101 Firefox/127.0",
                "Firefox on OpenBSD | DESKTOP | Mozilla/5.0 (X11; OpenBSD amd64; rv:127.0) Gecko/20100101 Firefox/127.0",
                "Firefox on NetBSD | DESKTOP | Mozilla/5.0 (X11; NetBSD amd64; rv:127.0) Gecko/20100101 Firefox/127.0",
            })
    void otherBrowsersAndSystemsAreKnown(String name, DeviceKind kind, String userAgent) {
        check(name, kind, userAgent);
    }

    private static void check(String name, DeviceKind kind, String userAgent) {
        ClientInfo client = READER.read(null, header -> header.equals("User-Agent") ? List.of(userAgent) : null);

        assertEquals(name, client.device());
        assertEquals(kind, DeviceKind.of(client));
    }
}
