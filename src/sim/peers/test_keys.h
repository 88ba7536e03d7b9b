// Two RSA keys made for the simulator, so that a run need not begin by making its own: that takes
// as long as a thousand orders. Public, as everything here is; they are no secret and sign nothing
// but what the simulator says to itself. Base64 of the DER (PKCS#1), 2048 bits.
#pragma once

#include <string_view>

namespace daozhang::sim {

inline constexpr std::string_view test_app_key =
    "MIIEowIBAAKCAQEAmFkBxjE+VpY4pWh8qDUMj2ODSksfCemREAjPTXdXfrrcATZ4UNWtoMWIQNyCJh7glhBydWf+"
    "j6dVCpZk3ayqAX0W1Dngyb3BbgTuwE+GxX4kj5d1CTBqkRQYH2UPDXBhJGHiQnqq40iKdty+v90tciarx4xFkf31"
    "AzMy82yYn4oZKROpYxISjJ8MDpPMq+JtYV511d2ODQ/4S1349pENuS95lljfb9qwJS5gNS9CNXwLNpSDhiGRaRv0"
    "BCIG50Sl/OIbuXQ4vIgAh92hubGkqTeqPMSyRsON7/9hRwR14+7lo49GsztEwOEehPkNHfdeeSFhIPBBJZQ9+rZ+"
    "Z751lwIDAQABAoIBAAxrBOgAz5IDQK7K645SdKmjdOozYV5PeZGTBkLMPYeI97HpnLkKEdMPBuIylzFARxI0WQAU"
    "7/0JqLbqN2KSVnE0nw3Bgf8vxnqPUF7AnL2wYI6Ly/Bpz+Xve1/jvuxbgq+SgvzkPtWz7gVuTOYawz+Qw2PKnUkf"
    "KD+QhtCsw2wNl265Omm8NiTTEwubTGiq0fWjKV3WgIephCt1wrSk9kvDnfHcUSb9qz2fxvysQnYkyFtClF3P2fQw"
    "V2ltcbQGiwe1jTi6C8dtHeauKoeSLa2vNEITABCtQISXPPCHn6vvsnursDE5zRPJO0hDh/C6Ob4Z7QLWljchvhim"
    "DOQeY4ECgYEAz9K589LqSH8knaQbzsHpOQReVoDzvi1egYu9rMk0H0YR/bEbE2fZIQaJ0DCYHbdCqUF1vaANEoML"
    "3Hcy/gVxSUXKnG60rMTRRcIKuYPta9bZzq5g57mvulBsD/+eImKal2dN+Rfjw8kEV5oHhWM7KqWNNUeolVHS9d++"
    "eU2E5WECgYEAu6oWLi9Soy+i4kJLItDNqUV3BFn/1qu+UKbOS3ykYt2aMPhlz7TeqSCbVQ1ZLDyz8Ye3kRHe1Yo6"
    "25Amwwl+TDfIYZEiDOdID8vb28NLZfiQ8gSyeQDLT6dBM5QMUZwBF7rz9qHcCrdYLFhbz8q7s2EoGfwvwWfWHepF"
    "3hXyRfcCgYBob7cuxmEhyXL3HU80GdI/6ugVhHv4qAgEBdtthzcAOFA2MtgualN8+zIqQyFOXZfMQq8Oee3Xza8a"
    "PXSMnuONNNtavW9iGw4nhhmpnJilRrTx3kOob3HVqTCE4anwEakqSKmwccbtzoi2FRuOdo13IvbRPY+Eajgfgy7O"
    "+pu8QQKBgQCHaVZx4vG1EHVu37kJmTMdFiOn/yztAKXl2kb3Dywqro5JEaOdOXyE+yM6PtR+aBrLiEt7oTJyUTjh"
    "H2Xoy9vXMVUkma3BM826oDW3oHayUKZ+C8egKmOJyTzx87zj0jazodHRv79f+CXmcadmC3pfGBbwkRkAbGWC1n2t"
    "n5ZexwKBgEcnNgCm7RqfRcBzKkM8X/N77i/TUfbPoyGxhRS20q8K2fFALbg7zyGNXoc6BDBPhtQTYJgCqkAxmZWY"
    "I17XZC9kxLrPf6sfPEDMC9jnRsEQPBqzT1z9nZ0UkjvTXII4hvYX6onrBLpDkLjuEMs80YcK/mmMJNRP3qh9Kt2A"
    "tmER";

inline constexpr std::string_view test_alipay_key =
    "MIIEogIBAAKCAQEAr8O4njzurIdfenMoYBZA6dVI9XUfaQch75rKj6xqoN0ldsrOg7q2pV/nOq1KpnTifH4u7nKu"
    "p6l/DOL8tu7/DvnbZwDta+ehT2evtqsNh16KbWHZRq/6d2g8KdLSxWqtE5DHU1QVIXl3eCgNQHemg/ev+OcrvAQI"
    "iVPgvmfbWVOGEkhnqe2n/vyXo2WgO6vRIgXHMV3r0D7ZzUrXfJY9kHcIwGp0aZ9kRi+ah+qo9a9orqdEv57kjTzU"
    "PvL6Hn466BabdFwIARhE79TQ7CPDSh50Zzs0F97MEo3D3KL/P9VHiHUN8DPMjhBb1rSz62Ki91pOgTPTwmtE5D2e"
    "gzdsXQIDAQABAoIBAEm0/wfEr6ZEQsLb5fOdgW1N1wGwMxLdPdr4A7gKatC4zIwrcj0FoLBrLlGJ+EMjwxLH67Bt"
    "AVcoGjJyQd4JDYbfOqXQWsAka54b8jDdPJgnCk/id7ZP9+35FTnIwkCtgpUw4pXMLexSvsnxqdT+GCNBTFdJwipf"
    "WqEUPqw6a17imLIrIcZRTUBWTC2GGxb7vsWqtXrxuGffj9BKD0rqA59gAEEvW1jVSGfxX1CfW2hNISN4Cvk8VO5F"
    "TQt9NnAoV9JqU1SCJTB45D0hvlCgVH2n11Ir61GtwPUFSe5XAbbiB47oP3Auoa3KqZCyDOXUQOn7jOAy85PCJ3oK"
    "Te0ZERUCgYEA31p5r5NfDHroA0Hk7H8SWGb6LYNks2GVo9jOhSWm7lSJXzLcDCc99gZhR4sU0gdxRUc5X+cpMQjW"
    "RqDDQRi1cewm5OssKwIGFqmeXGNfHPSAw0JzFKtzRmAs7ASgetdlGRyD1oimfB0NOMd1yuvg8/Ja2/6cJzfMaezb"
    "ERDfsg8CgYEAyXSL7D9Av6kx6ENDnA665UNwK968IWG92Jf7Ja831HX0Pfb3e63STkdQ12hXTm8b0XvRWpBjT+rO"
    "TvC0StfWEXl7BNtPwpejX77GZLbVWaU6FqgjMuLPoeBV4Uh/HLTvI3ySMUMTDH64dNv2NidyfljkceNsBHLLr338"
    "kIavttMCgYB/WGCFAKtyvCjIoqtZQ+I70QrXJFEoDX16G8U0GRGiVUS1qJPZwg4L1ftlBSFr1p54d3F5Ap1zvawe"
    "PM7WsLXTLGfIoWVfaBn8ld0ao/W41pcLvTlMEaz59R/nuYOeRmz38lAg42y42v+M3fyFJBPwQsAXKoXxvlioFEma"
    "41oHdQKBgBB6sSt9LR3AiG2YewJcDhvM/XMJQFh2t2HtZMT7ZVTC5VzgQ/RhDrAKk2lbhrDK0/q55zFCWG1kJsY8"
    "WHM63q8FQfPuwMKJRvsBDxeUATXZFzxdOqvh89wpDr1kAcnmXx2HBipzcy51ez9L8wMRDQOa3+0VDnP6tADCDJQC"
    "AIOzAoGAJw/1IJM8MDqelCcolaRfk9iCjkCNmh9D5IuKgKkD9VyvQvDvDGyjXdiKYxIMg8CrqSPsBErkUKfIESIr"
    "JACLNK75auIeltHLtArw9IUfqShB26pv80cB6+4e5yW72+BkGKZT9XjdxMYAXxoY96VKehIkppOxtnk6a/bQjOkd"
    "dJw=";

}  // namespace daozhang::sim
