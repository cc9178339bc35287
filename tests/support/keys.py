"""Keys that caused problems for users of similar resizers, each with its path encoded by hand."""

AWKWARD = {
    "albums/2026/summer/cat.jpg": "albums/2026/summer/cat.jpg",
    "a folder/été + 100% #1?.jpg": "a%20folder/%C3%A9t%C3%A9%20%2B%20100%25%20%231%3F.jpg",
    "plus+plus.jpg": "plus%2Bplus.jpg",
    "twice%2Fencoded.jpg": "twice%252Fencoded.jpg",
    'quote\'s "double".jpg': "quote%27s%20%22double%22.jpg",
    "日本語/ねこ.jpg": "%E6%97%A5%E6%9C%AC%E8%AA%9E/%E3%81%AD%E3%81%93.jpg",
    "(1) a&b=c;d,e.jpg": "%281%29%20a%26b%3Dc%3Bd%2Ce.jpg",
    "shot-320x213.jpg": "shot-320x213.jpg",
    "320x213.jpg": "320x213.jpg",
    "2026/300×200.jpg": "2026/300%C3%97200.jpg",
}
