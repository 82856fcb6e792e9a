/** Queries to begin with. Each is valid against `schema.graphql` and needs no variables. */
export interface Example {
  title: string
  query: string
}

export const examples: Example[] = [
  {
    title: 'Tôi là ai / Who am I',
    query: `# Tài khoản đang đăng nhập, vai trò, chức vụ cụm mà đơn vị đang giữ.
query ToiLaAi {
  viewer {
    account {
      username
      displayName
    }
    grants {
      role
      scope {
        kind
        name
      }
    }
    can
  }
}
`,
  },
  {
    title: 'Tìm đơn vị / Find units',
    query: `# Không cần gõ dấu: "ia hdrai" tìm thấy "IaH’Drai".
query TimDonVi {
  units(where: { search: "ia hdrai" }, first: 10) {
    totalCount
    nodes {
      id
      name
      kind
      parentName
      province {
        name
      }
      statistics {
        asOf
        workers
        members
        womenMembers
      }
    }
  }
}
`,
  },
  {
    title: 'Cụm, khối thi đua / Clusters',
    query: `# Cụm và khối mà bạn xem được, thành viên và cụm trưởng hôm nay.
query CumThiDua {
  clusters(first: 5) {
    nodes {
      id
      form
      name
      organiserName
      members {
        unitName
      }
      offices {
        office
        unitName
        actingPerson
      }
    }
  }
}
`,
  },
  {
    title: 'Biểu mẫu / Report forms',
    query: `# Biểu mẫu đang ban hành: ai báo cáo, từng phần có chỉ tiêu nào, bắt buộc hay không.
query BieuMau {
  reportForms(first: 5) {
    nodes {
      id
      code
      name
      periodicity
      published {
        number
        unitKinds
        sections {
          title
          help
          items {
            position
            required
            indicator {
              code
              name
              unitOfMeasure
            }
          }
        }
      }
    }
  }
}
`,
  },
  {
    title: 'Báo cáo mới nhất / Latest reports',
    query: `# Báo cáo vừa thay đổi, số liệu như đã gõ, và bạn được làm gì tiếp theo.
query BaoCao {
  reports(first: 5) {
    nodes {
      id
      unitName
      period {
        name
      }
      status
      late
      figures {
        indicator {
          code
          name
        }
        value
        qualifier
        text
      }
      viewerCan {
        action
        allowed
        reason
      }
    }
  }
}
`,
  },
  {
    title: 'Khen thưởng / Awards',
    query: `# Khen thưởng nhiều năm: tổng theo loại, rồi từng dòng trong sổ.
query KhenThuong {
  awardCounts(where: { yearFrom: 2020 }) {
    type {
      name
    }
    year
    recipient
    count
  }
  awards(first: 10) {
    nodes {
      year
      type {
        name
      }
      recipientName
      count
      unitName
      decision {
        number
        issuerName
      }
    }
  }
}
`,
  },
]
